"""A running service writes its downloads by itself, and answers meanwhile."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from running import running

PATIENCE = 60.0


def get(address: str, path: str, **headers: str) -> bytes:
    request = urllib.request.Request(address + path, headers=headers)
    with urllib.request.urlopen(request, timeout=20) as response:
        body: bytes = response.read()
    return body


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over the rooms of this checkout."""
    command = [sys.executable, "-m", "cecot", "serve", "--port", "0"]
    with running(command, tmp_path_factory.mktemp("elsewhere"), os.environ) as started:
        yield started


def complete(address: str) -> dict[str, Any]:
    """What ``/dumps`` tells once all files are ready."""
    until = time.monotonic() + PATIENCE
    while True:
        told: dict[str, Any] = json.loads(get(address, "/dumps"))
        if told["complete"]:
            return told
        assert time.monotonic() < until, "the files are never complete"


def test_every_file_comes_whole_from_the_running_service(address: str) -> None:
    told = complete(address)
    health = json.loads(get(address, "/health"))
    assert told["version"] == health["version"]
    for each in told["files"]:
        for part in (each, each["gzip"]):
            assert hashlib.sha256(get(address, part["url"])).hexdigest() == part["sha256"]
    assert told["version"] in {each["sha256"] for each in told["files"]}


def test_sitemaps_and_catalogues_name_the_address_of_the_service(address: str) -> None:
    complete(address)
    assert f"<loc>{address}/sitemap-1.xml</loc>" in get(address, "/sitemap.xml").decode()
    assert f"<loc>{address}/id/cecot.html</loc>" in get(address, "/sitemap-1.xml").decode()
    assert f"{address}/dumps/cecot.ttl.gz" in get(address, "/dcat").decode()


def test_documents_come_from_the_running_service(address: str) -> None:
    turtle = get(address, "/id/cecot", Accept="text/turtle").decode()
    assert "id:tcc-29-space-per-prisoner" in turtle
    assert "cecot:modality cecot:Attributed" in turtle
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(address, "/id/nothing", Accept="text/turtle")
    assert caught.value.code == 404
    caught.value.close()


def test_a_service_may_be_told_to_write_none(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cecot", "serve", "--port", "0"]
    with running(command, tmp_path, os.environ | {"CECOT_DOWNLOADS": "no"}) as address:
        with pytest.raises(urllib.error.HTTPError) as caught:
            get(address, "/dumps")
        assert caught.value.code == 404
        caught.value.close()
