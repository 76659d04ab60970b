"""The service over HTTP: Flask views, which render what the layers below decide."""
