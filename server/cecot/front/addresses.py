"""Who a client is, when proxies stand before us (RFC 7239 tells why not to believe just anyone)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache


class TrustedProxies:
    """The networks whose X-Forwarded-For is believed."""

    def __init__(self, networks: str) -> None:
        """Read networks or addresses, separated by commas."""
        self._networks = [
            ipaddress.ip_network(each.strip(), strict=False)
            for each in networks.split(",")
            if each.strip()
        ]
        self._trusts = lru_cache(maxsize=1024)(self._look_up)

    def client(self, peer: str, headers: Iterable[tuple[str, str]]) -> str:
        """Give the client's address: the last one that no trusted proxy has.

        ``peer`` is ``address:port`` as the server saw it.
        """
        address = peer.rpartition(":")[0].strip("[]")
        if not self._networks or not self._trusts(address):
            return address
        said = ",".join(value for name, value in headers if name == "x-forwarded-for")
        for each in reversed([part.strip() for part in said.split(",") if part.strip()]):
            if not self._is_address(each):
                break
            address = each
            if not self._trusts(each):
                break
        return address

    def _look_up(self, address: str) -> bool:
        return self._is_address(address) and any(
            ipaddress.ip_address(address) in network for network in self._networks
        )

    @staticmethod
    def _is_address(text: str) -> bool:
        try:
            ipaddress.ip_address(text)
        except ValueError:
            return False
        return True
