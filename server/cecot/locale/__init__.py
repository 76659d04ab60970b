"""The languages of readers: a ``.po`` file each, beside the code that reads them (GNU gettext)."""
