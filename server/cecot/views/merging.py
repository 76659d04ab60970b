"""Tables of texts that several modules share out among themselves, as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pkgutil import iter_modules


def merged(package: str, path: Iterable[str], name: str) -> dict[str, str]:
    """What the modules of ``package``, at ``path``, have under ``name``.

    Raises ValueError if two of them have the same key.
    """
    texts: dict[str, str] = {}
    for found in iter_modules(path):
        own: Mapping[str, str] = getattr(import_module(f"{package}.{found.name}"), name)
        if twice := texts.keys() & own.keys():
            raise ValueError(f"{found.name} says {', '.join(sorted(twice))} a second time")
        texts.update(own)
    return texts
