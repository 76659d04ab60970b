"""The one table of settings: flag, environment name, default, help; documentation is tested by it.

A flag beats the environment, the environment beats the default. Sizes are bytes (``64M`` and ``2G``
are read), times are seconds, lists are separated by commas.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import SplitResult, urlsplit

from cecot.errors import UsageError

MIB = 1 << 20
_SIZE = re.compile(r"(\d{1,30}(?:\.\d{1,9})?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)
_SEPARATED = re.compile(r"[^\x00-\x20\x7f<>\"{}|\\^`]+")
"""What no address and no IRI is: with signs that end one in a text (RFC 3986, C; RFC 3987, 2.2)."""

_LETTERS_GO_TO = re.compile(r"(mailto:)?[^\s@:/?#<>\"]+@[^\s@:/?#<>\"]+")
_TRUE = ("1", "true", "yes", "on")
_METAVARS = {"count": "N", "log": "text|json", "site": "URL"}
_MOST = {"count": 1_000_000, "seconds": 7 * 86_400, "size": 1 << 50}
"""Beyond these the system, or what counts for us, would overflow; nobody means them."""

CONNECTIONS = 8192
"""Connections that are kept at the same time, idle ones among them."""

_FALSE = ("0", "false", "no", "off", "")


def _setting(
    default: Any, kind: str, text: str, least: float | None = None, most: float | None = None
) -> Any:
    bounds = {"least": least, "most": most or _MOST.get(kind)}
    return field(default=default, metadata={"kind": kind, "help": text, **bounds})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of ``cecot serve``, with the value that it has in this process."""

    host: str = _setting("127.0.0.1", "host", "Address to listen on.")
    port: int = _setting(8000, "count", "TCP port to listen on; 0 takes a free one.", 0, 65_535)
    public_url: str = _setting(
        "", "site", "Address under which the world sees the service; empty: http://HOST:PORT/."
    )
    contact: str = _setting(
        "", "contact", "Where readers report errors: a mail address, or an address of the web."
    )
    deadline: float = _setting(
        10.0, "seconds", "Wall-clock time of one query, from its start to its whole answer.", 0.05
    )
    memory: int = _setting(
        512 * MIB, "size", "Memory that one query may use, beyond the graph.", 16 * MIB
    )
    result: int = _setting(512 * MIB, "size", "Longest answer, uncompressed.", 1024)
    queries: int = _setting(8, "count", "Queries evaluated at the same time.", 1, CONNECTIONS)
    heavy: int = _setting(
        2,
        "count",
        "Heavy queries that go on at the same time; best one for each processor.",
        1,
        CONNECTIONS,
    )
    heavy_after: float = _setting(
        0.1, "seconds", "Computing time after which a query counts as heavy.", 0.01
    )
    waiting: int = _setting(32, "count", "Queries that may wait for their turn.", 0)
    patience: float = _setting(5.0, "seconds", "How long a query waits for its turn.", 0.0)
    per_client: int = _setting(
        24, "count", "Queries of one client address, running and waiting; 0 sets no limit.", 0
    )
    trusted_proxies: str = _setting(
        "", "networks", "Proxies whose X-Forwarded-For is believed: addresses or networks."
    )
    metrics_from: str = _setting(
        "127.0.0.0/8,::1", "networks", "Who may read /metrics: addresses or networks."
    )
    cache: int = _setting(32 * MIB, "size", "Memory for answers kept ready; 0 keeps none.", 0)
    federation: bool = _setting(
        False, "switch", "Let queries call other endpoints (SERVICE). For trusted networks only."
    )
    address_limit: int = _setting(16 * 1024, "size", "Longest query string of an address.", 8192)
    body_limit: int = _setting(MIB, "size", "Longest request body, unpacked as well.", 1024)
    threads: int = _setting(
        2, "count", "Pages that are made at the same time, each in a thread.", 1, CONNECTIONS
    )
    drain: float = _setting(
        10.0, "seconds", "How long a stopping service lets its last requests finish.", 0.0
    )
    source_text: str = _setting(
        "", "text", "Texts of sources, whose passages the pages then show: files, with commas."
    )
    stall: float = _setting(
        60.0, "seconds", "How long a client may take nothing of its answer and stay connected.", 1
    )
    spool: str = _setting("", "folder", "Folder for large answers; empty: the system's own.")
    spool_size: int = _setting(
        8 << 30, "size", "Room for large answers that are made or read at the same time.", MIB
    )
    downloads: bool = _setting(
        True, "switch", "Write the graph into files to download, in the background, at the start."
    )
    watch: bool = _setting(
        False,
        "switch",
        "Read the rooms again when a file of them changes; broken rules show on the pages.",
    )
    engine: str = _setting(
        "",
        "url",
        "Address of an existing SPARQL engine to ask instead of our own; empty: our own.",
    )
    engine_kind: str = _setting(
        "sparql11", "text", "What kind of engine that is: oxigraph, virtuoso, sparql11."
    )
    engine_user: str = _setting(
        "",
        "text",
        "Our name at that engine; the password is CECOT_ENGINE_PASSWORD, or in the file "
        "CECOT_ENGINE_PASSWORD_FILE.",
    )
    engine_ca: str = _setting(
        "",
        "text",
        "File of the authority that vouches for that engine's certificate; empty: the system's.",
    )
    engine_store: str = _setting(
        "",
        "url",
        "Address of its Graph Store Protocol, where `cecot load` writes; empty: as its "
        "kind has it.",
    )
    engine_graph: str = _setting(
        "",
        "iri",
        "Graph that is the default graph there; empty: what `cecot load` wrote last, or "
        "the engine's own.",
    )
    engine_timeout: str = _setting(
        "", "text", "Its parameter for the deadline, with the unit: NAME:s or NAME:ms."
    )
    engine_rows: int = _setting(
        0, "count", "Rows or triples at which it cuts answers without a sign; 0: found out.", 0
    )
    engine_connections: int = _setting(
        16, "count", "Connections to it that are kept open.", 1, CONNECTIONS
    )
    engine_any_version: bool = _setting(
        False, "switch", "Ask it even if it does not hold the graph of these rooms."
    )
    log_format: str = _setting("text", "log", "One line per query: text or json.")
    log_addresses: bool = _setting(False, "switch", "Write client addresses to the log.")

    @property
    def root(self) -> str:
        """The address of the service as the world sees it, without a last slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def flag(name: str) -> str:
    """Give the command-line flag of the setting ``name``."""
    return "--" + name.replace("_", "-")


def environment_name(name: str) -> str:
    """Give the environment variable of the setting ``name``."""
    return f"CECOT_{name.upper()}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: the words for people, and the default as they would write it."""

    name: str
    flag: str
    environment: str
    default: str
    help: str
    metavar: str
    is_switch: bool


def table() -> tuple[Row, ...]:
    """Give all settings in the order of their declaration."""
    return tuple(
        Row(
            each.name,
            flag(each.name),
            environment_name(each.name),
            _written(each.default, each.metadata["kind"]),
            each.metadata["help"],
            _METAVARS.get(each.metadata["kind"], each.metadata["kind"].upper()),
            each.metadata["kind"] == "switch",
        )
        for each in fields(Settings)
    )


def read_settings(
    given: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Build the settings from ``given`` (by name; None counts as absent) and the environment.

    Raises UsageError that names the flag or the variable whose value cannot be used.
    """
    given = given or {}
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for each in fields(Settings):
        value, where = given.get(each.name), flag(each.name)
        if value is None:
            value, where = environ.get(environment_name(each.name)), environment_name(each.name)
        if value is not None:
            values[each.name] = _read(value, each.metadata, where)
    return Settings(**values)


def _read(value: object, metadata: Mapping[str, Any], where: str) -> object:
    kind, text = metadata["kind"], str(value).strip()
    least, most = metadata["least"], metadata["most"]
    try:
        read = _READERS[kind](text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not {error}.", where=where, hint=metadata["help"]) from None
    if least is not None and isinstance(read, int | float) and read < least:
        raise UsageError(
            f"{text} is too little: at least {_written(least, kind)}.",
            where=where,
            hint=metadata["help"],
        )
    if most is not None and isinstance(read, int | float) and read > most:
        raise UsageError(
            f"{text} is too much: at most {_written(most, kind)}.",
            where=where,
            hint=metadata["help"],
        )
    return read


def split_address(text: str) -> SplitResult | None:
    """The parts of an address of the web, with a host (RFC 9110, 4.2); None if it is none."""
    with suppress(ValueError):  # of brackets without an end, of a port that there is not
        parts = urlsplit(text)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts if _SEPARATED.fullmatch(text) else None
    return None


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,30}", text):
        raise ValueError("a whole number")
    return int(text)


def _seconds(text: str) -> float:
    if not re.fullmatch(r"\d{1,30}(\.\d{1,9})?", text):
        raise ValueError("a number of seconds")
    return float(text)


def _size(text: str) -> int:
    match = _SIZE.fullmatch(text)
    if not match:
        raise ValueError("a size (such as 512M)")
    return int(float(match[1]) * 1024 ** " KMGT".index(match[2].upper() or " "))


def _switch(text: str) -> bool:
    if text.lower() not in _TRUE + _FALSE:
        raise ValueError("a switch (yes or no)")
    return text.lower() in _TRUE


def _host(text: str) -> str:
    with suppress(UnicodeError):
        text.encode("idna")  # as the system is asked for it
        if text:
            return text
    raise ValueError("an address to listen on (0.0.0.0 stands for all)")


def _url(text: str) -> str:
    if text and not split_address(text):
        raise ValueError("an address of the web (such as http://localhost:7878/)")
    return text


def _site(text: str) -> str:
    parts = split_address(text)
    # Pages have it in links and in headers: there another letter than those of ASCII is encoded.
    fits = parts and text.isascii() and not (parts.username or parts.password)
    if text and not (fits and "?" not in text and "#" not in text):
        raise ValueError("an address of a site (such as https://example.org/, without ? and #)")
    return text


def _contact(text: str) -> str:
    if text and not (_LETTERS_GO_TO.fullmatch(text) or split_address(text)):
        raise ValueError("a mail address or an address of the web")
    return text


def _iri(text: str) -> str:
    if text and not (_SEPARATED.fullmatch(text) and re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text)):
        raise ValueError("an absolute IRI (such as https://example.org/graph)")
    return text


def _folder(text: str) -> str:
    try:
        with tempfile.TemporaryFile(dir=text or None):
            return text
    except OSError as error:
        raise ValueError(f"a folder in which files can be written: {error.strerror}") from error


def _networks(text: str) -> str:
    for each in filter(None, (part.strip() for part in text.split(","))):
        try:
            ipaddress.ip_network(each, strict=False)
        except ValueError:
            raise ValueError("a list of addresses or networks") from None
    return text


def _log(text: str) -> str:
    if text not in ("text", "json"):
        raise ValueError("a log format (text or json)")
    return text


_READERS: Mapping[str, Callable[[str], object]] = {
    "text": str,
    "host": _host,
    "url": _url,
    "site": _site,
    "contact": _contact,
    "iri": _iri,
    "folder": _folder,
    "count": _count,
    "seconds": _seconds,
    "size": _size,
    "switch": _switch,
    "networks": _networks,
    "log": _log,
}


def _written(value: Any, kind: str) -> str:
    if kind == "switch":
        return "yes" if value else "no"
    if kind == "size":
        for unit, letter in ((1 << 40, "T"), (1 << 30, "G"), (MIB, "M"), (1024, "K")):
            if value and value % unit == 0:
                return f"{value // unit}{letter}"
    return f"{value:g}" if kind == "seconds" else str(value)
