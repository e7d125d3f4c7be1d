"""Which addresses a server may be sent to by its callers: public ones, and none that lead back inside."""

from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

# Beyond what every Python of ours knows as not global (RFC 6890 and the registries behind it).
_REFUSED_V4 = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments, Oracle's metadata among them
    IPv4Network("168.63.129.16/32"),  # Azure's wire server: a public number that means the host itself
    IPv4Network("192.88.99.0/24"),  # relays of 6to4, RFC 7526
)
# All of today's global unicast. Outside lie loopback, IPv4-mapped and -compatible, NAT64 (64:ff9b::/96), unique local,
# link-local, site-local and multicast addresses.
_GLOBAL_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = (
    IPv6Network("2001::/23"),  # protocol assignments; Teredo is 2001::/32 and carries an IPv4 address
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4 carries an IPv4 address
    IPv6Network("3fff::/20"),  # documentation, RFC 9637
)


def is_public(text: str) -> bool:
    """Whether an address (IPv4 or IPv6, as a resolver gives it) belongs to the public internet; False for no address.

    Private, loopback, link-local (with the clouds' metadata), shared, multicast, reserved and documentation addresses
    are not public, nor are IPv6 addresses that carry an IPv4 address (mapped, compatible, 6to4, Teredo, NAT64): what
    they lead to is decided elsewhere.
    """
    try:
        return _is_public_v6(IPv6Address(text)) if ":" in text else _is_public_v4(IPv4Address(text))
    except AddressValueError:
        return False


def _is_public_v4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not any(address in each for each in _REFUSED_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    return address in _GLOBAL_V6 and address.is_global and not any(address in each for each in _REFUSED_V6)
