"""An engine behind TLS is believed only if an authority that the operator names vouches for it."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme
from scripted import Scripted, reply

from cecot.errors import Unavailable
from cecot.remote.address import read_remote
from cecot.remote.client import Client
from cecot.settings import Settings


def status(address: str, certificate: str = "") -> int:
    """Ask once and give the status. Raises Unavailable."""
    remote = read_remote(Settings(engine=address, engine_ca=certificate), {})
    client = Client(remote, longest=1024, connections=1)
    try:
        answer = client.exchange(remote.query, [("query", "ASK {}")], "*/*", 10.0).result()
        with answer.body:
            return answer.status
    finally:
        client.close()


@pytest.mark.parametrize("name", ["127.0.0.1", "other.example"])
def test_who_is_vouched_for_is_asked_and_nobody_else(tmp_path: Path, name: str) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(file)
    with Scripted(context) as server:
        server.replies = [reply("")]
        with pytest.raises(Unavailable, match="cannot be reached"):
            status(server.address)
        if name == "127.0.0.1":
            assert status(server.address, str(file)) == 200
        else:
            with pytest.raises(Unavailable, match="cannot be reached"):
                status(server.address, str(file))
