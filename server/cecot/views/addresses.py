"""The builder of addresses, which sitemaps need as well as views (RFC 3986)."""

from cecot.addresses import Addresses

__all__ = ["Addresses"]
