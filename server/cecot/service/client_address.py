"""Who a client is, when proxies stand before us (RFC 7239 tells why not to believe just anyone)."""

from __future__ import annotations

import ipaddress
from functools import lru_cache


class Networks:
    """A set of addresses: single ones, or networks."""

    def __init__(self, networks: str) -> None:
        """Read networks or addresses, separated by commas."""
        self._networks = [
            ipaddress.ip_network(each.strip(), strict=False)
            for each in networks.split(",")
            if each.strip()
        ]
        self._look = lru_cache(maxsize=1024)(self._look_up)

    def __bool__(self) -> bool:
        """Whether there is any address in it."""
        return bool(self._networks)

    def __contains__(self, address: str) -> bool:
        """Whether ``address`` is in it; what is no address is not."""
        return self._look(address)

    def _look_up(self, address: str) -> bool:
        return is_address(address) and any(
            ipaddress.ip_address(address) in network for network in self._networks
        )


class TrustedProxies:
    """The proxies whose X-Forwarded-For is believed."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks

    def client(self, peer: str, forwarded_for: str) -> str:
        """Give the client's address: the last one that no trusted proxy has.

        ``peer`` is ``address:port`` as the server saw it, ``forwarded_for`` what the request says
        in X-Forwarded-For.
        """
        address = address_of(peer)
        if not self._networks or address not in self._networks:
            return address
        said = [part.strip() for part in forwarded_for.split(",") if part.strip()]
        for each in reversed(said):
            if not is_address(each):
                break
            address = each
            if each not in self._networks:
                break
        return address


def address_of(peer: str) -> str:
    """Give the address of ``address:port``."""
    return peer.rpartition(":")[0].strip("[]")


def is_address(text: str) -> bool:
    """Tell whether ``text`` is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
