"""The editor's workbench: a small Flask application for one editor, on the loopback address."""
