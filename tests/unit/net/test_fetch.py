"""The guarded fetcher: what it refuses, what it connects to, and where it gives up."""

import contextlib
import gzip
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.net.fetch import MAX_URL_CHARS, Fetcher, FetchError
from posedeck.net.public_address import is_public
from tests.support.clocks import StillClock
from tests.support.scripted_web import Names, ScriptedWeb, answer

PUBLIC = "93.184.215.14"
LIMIT, DEADLINE_S = 1000, 10.0

_SCHEMES = [
    "ftp://example.test/a.jpg",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/stat",
    "data:image/png;base64,AAAA",
    "ws://example.test/",
    "jar:http://example.test!/",
    "javascript:alert(1)",
    "example.test/a.jpg",
    "//example.test/a.jpg",
    "http:example.test",
    "http:///a.jpg",
    "http://",
    "https://",
    "http://?a",
    "http://#a",
    "",
    " ",
    "http",
]
_USERS = [
    "http://user@example.test/",
    "http://user:word@example.test/",
    "http://:@example.test/",
    "http://@example.test/",
    "http://@127.0.0.1/",
    "http://example.test@127.0.0.1/",
    "http://example.test:80@127.0.0.1/",
    "http://example.test\\@127.0.0.1/",
    "http://example.test%2f@127.0.0.1/",
    "https://a:b@c:d@example.test/",
]
_PORTS = [
    "http://example.test:443/",
    "http://example.test:8080/",
    "http://example.test:22/",
    "http://example.test:0/",
    "http://example.test:65536/",
    "http://example.test:-80/",
    "http://example.test:80a/",
    "https://example.test:80/",
    "https://example.test:8443/",
    "https://example.test:6379/",
]
_IPV4 = [
    "127.0.0.1",
    "127.255.255.254",
    "127.1",
    "127.0.1",
    "0",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "0.0.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "0177.1",
    "10.0.0.1",
    "10.255.255.255",
    "0xa.0.0.1",
    "167772161",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "169.254.170.2",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "168.63.129.16",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "１２７.０.０.１",
    "①②⑦.⓪.⓪.①",
]
_IPV6 = [
    "::",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:93.184.215.14",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::93.184.215.14",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2002:5db8:d70e::",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%25lo",
    "fec0::1",
    "ff02::1",
    "ff05::2",
    "5f00::1",
]
_INSIDE = {
    "localhost": ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "LOCALHOST": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "router.test": ["192.168.0.1"],
    "six.test": ["::1"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "zone.test": ["fe80::1%eth0"],
    "127.0.0.1.nip.test": ["127.0.0.1"],
    "mixed.test": [PUBLIC, "127.0.0.1"],
    "mixed-first.test": ["10.0.0.1", PUBLIC],
    "mixed-six.test": [PUBLIC, "fd00::1"],
    "odd.test": ["not an address"],
}
_MALFORMED = [
    "http://[::1/",
    "http://::1/",
    "http://[zzz]/",
    "http://exam ple.test/",
    "http://example.test\r\nHost: inside/",
    "http://example.test/\r\nX: y",
    "http://example.test/\x00",
    "http://\u202eexample.test/",
    "http://" + "a" * 300 + ".test/",
    "http://example.test/" + "a" * MAX_URL_CHARS,
    "http://-/",
    "http://%31%32%37.0.0.1/",
    "http://127.0.0.1%00.example.test/",
    "http://\\127.0.0.1/",
]
REFUSED = [
    *_SCHEMES,
    *_USERS,
    *_PORTS,
    *(f"http://{host}/latest/meta-data" for host in _IPV4),
    *(f"https://[{host}]/" for host in _IPV6),
    *(f"https://{host}/" for host in _INSIDE),
    *_MALFORMED,
]


def fetcher(web: ScriptedWeb, resolve: Names | None = None, clock: StillClock | None = None) -> Fetcher:
    names = resolve or Names({"example.test": [[PUBLIC]]} | {name: [found] for name, found in _INSIDE.items()})
    return Fetcher(clock=clock or StillClock(), resolve=names, sockets=web)


@pytest.fixture(scope="module")
def guarded() -> tuple[Fetcher, ScriptedWeb]:
    """One fetcher for all refusals: none of them leaves anything behind."""
    web = ScriptedWeb([answer(b"inside")])
    return fetcher(web), web


def test_the_table_is_large() -> None:
    """At least a hundred different payloads are tried."""
    assert len(set(REFUSED)) >= 100


@pytest.mark.parametrize("url", REFUSED, ids=lambda url: ascii(url)[:60])
def test_what_is_refused_is_not_connected_to(guarded: tuple[Fetcher, ScriptedWeb], url: str) -> None:
    """Schemes, users, ports, addresses in any spelling and names that lead inside: an error, and no connection."""
    fetch, web = guarded
    with pytest.raises(FetchError) as caught:
        fetch.fetch(url, LIMIT, DEADLINE_S)
    connected, web.connected = web.connected, []

    assert connected == []
    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("http://example.test/a.jpg?b=c#d", 80, []),
        ("http://example.test:80/a.jpg?b=c", 80, []),
        ("https://example.test/a.jpg?b=c", 443, ["example.test"]),
        ("https://example.test:443/a.jpg?b=c", 443, ["example.test"]),
        ("HTTPS://EXAMPLE.test/a.jpg?b=c", 443, ["example.test"]),
    ],
)
def test_a_public_picture_is_fetched_from_the_checked_address(url: str, port: int, tls: list[str]) -> None:
    """The connection goes to the address; Host and the TLS handshake keep the name."""
    web = ScriptedWeb([answer(b"picture")])

    assert fetcher(web).fetch(url, LIMIT, DEADLINE_S) == b"picture"
    assert [(PUBLIC, port)] == web.connected
    assert tls == web.tls_names
    assert web.sent.startswith(b"GET /a.jpg?b=c HTTP/1.1\r\n")
    assert b"\r\nHost: example.test\r\n" in web.sent
    assert b"ookie" not in web.sent
    assert b"uthorization" not in web.sent


def test_a_name_that_turns_inside_after_the_check_gains_nothing() -> None:
    """Rebinding: the name is asked once a fetch, what was checked is what is connected to, and the next is refused."""
    web = ScriptedWeb([answer(b"picture")])
    names = Names({"rebinding.test": [[PUBLIC], ["127.0.0.1"]]})
    fetch = fetcher(web, names)

    assert fetch.fetch("http://rebinding.test/", LIMIT, DEADLINE_S) == b"picture"
    assert (names.asked, web.connected) == (["rebinding.test"], [(PUBLIC, 80)])
    with pytest.raises(FetchError, match="public internet"):
        fetch.fetch("http://rebinding.test/", LIMIT, DEADLINE_S)
    assert web.connected == [(PUBLIC, 80)]


def test_the_next_address_is_tried_and_only_checked_ones_are() -> None:
    """Of several public addresses an unreachable one is passed over, without asking again."""
    web = ScriptedWeb([answer(b"picture")])
    web.unreachable = {PUBLIC}
    names = Names({"two.test": [[PUBLIC, "2606:4700::1111"], ["127.0.0.1"]]})

    assert fetcher(web, names).fetch("http://two.test/", LIMIT, DEADLINE_S) == b"picture"
    assert web.connected == [(PUBLIC, 80), ("2606:4700::1111", 80)]


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    """Wherever they lead, also to where the caller could have sent us."""
    web = ScriptedWeb([answer(b"", status, Location="http://example.test/other")])
    with pytest.raises(FetchError):
        fetcher(web).fetch("http://example.test/", LIMIT, DEADLINE_S)
    assert len(web.connected) == 1


@pytest.mark.parametrize("status", [201, 204, 206, 404, 500])
def test_only_200_is_an_answer(status: int) -> None:
    """The error tells the status, which the caller can see for himself."""
    with pytest.raises(FetchError, match=str(status)):
        fetcher(ScriptedWeb([answer(b"", status)])).fetch("http://example.test/", LIMIT, DEADLINE_S)


def test_as_many_bytes_as_allowed_are_read_and_not_one_more() -> None:
    """Announced or not, reading ends with the piece that goes over."""
    exact = ScriptedWeb([answer(bytes(LIMIT))])
    assert len(fetcher(exact).fetch("http://example.test/", LIMIT, DEADLINE_S)) == LIMIT

    endless = ScriptedWeb([b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", *[bytes(600)] * 50])
    with pytest.raises(FetchError, match="more than 1000 bytes"):
        fetcher(endless).fetch("http://example.test/", LIMIT, DEADLINE_S)
    assert endless.taken == 3


def test_nothing_is_decompressed() -> None:
    """A compressed answer stays what it is: unpacked it could be a thousand times the limit."""
    packed = gzip.compress(bytes(300_000))
    web = ScriptedWeb([answer(packed, Content_Encoding="gzip")])

    assert packed == fetcher(web).fetch("http://example.test/", LIMIT, DEADLINE_S)
    assert b"\r\nAccept-Encoding: identity\r\n" in web.sent


def test_a_drip_ends_at_the_deadline() -> None:
    """Each piece comes soon enough, all together too late."""
    clock = StillClock()
    web = ScriptedWeb([answer(bytes(9))[:-9], *[b"x"] * 9], on_read=lambda: clock.advance(3.0))
    with pytest.raises(FetchError, match="in time"):
        fetcher(web, clock=clock).fetch("http://example.test/", LIMIT, DEADLINE_S)
    assert web.taken == 4


@pytest.mark.parametrize("pieces", [[], [b"nonsense\r\n\r\n"], [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]])
def test_broken_answers(pieces: list[bytes]) -> None:
    """A host that says nothing, no HTTP, or half of what it announced."""
    with pytest.raises(FetchError, match="could not be reached"):
        fetcher(ScriptedWeb(pieces)).fetch("http://example.test/", LIMIT, DEADLINE_S)


def test_cookies_are_not_kept() -> None:
    """What a site hands to one caller is not sent for the next."""
    web = ScriptedWeb([answer(b"a", Set_Cookie="session=1; Path=/")])
    fetch = fetcher(web)
    for _ in range(2):
        fetch.fetch("http://example.test/", LIMIT, DEADLINE_S)

    assert b"session" not in web.sent


@pytest.mark.parametrize(
    "address", [PUBLIC, "1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]
)
def test_public_addresses(address: str) -> None:
    """Neighbours of private ranges included."""
    assert is_public(address)


@given(address=st.ip_addresses(v=4))
def test_no_address_is_let_through_that_python_knows_as_not_global(address: IPv4Address) -> None:
    """Ours is the narrower rule."""
    assert address.is_global or not is_public(str(address))


@given(address=st.ip_addresses(v=4))
def test_no_carrier_of_an_ipv4_address_is_public(address: IPv4Address) -> None:
    """Mapped, compatible, translated (NAT64), 6to4 and Teredo: whatever they carry."""
    low = int(address)
    carriers = [low, 0xFFFF << 32 | low, 0x64FF9B << 96 | low, 0x2002 << 112 | low << 80, 0x20010000 << 96 | low]
    assert [carrier for carrier in carriers if is_public(str(IPv6Address(carrier)))] == []


@given(url=st.text(max_size=60) | st.text(alphabet="htps:/@[]%.0127x#?\\ ", max_size=40).map("http://".__add__))
def test_no_text_gets_anything_but_a_refusal(guarded: tuple[Fetcher, ScriptedWeb], url: str) -> None:
    """Whatever a caller writes, there is one kind of error and no connection but to public addresses."""
    fetch, web = guarded
    with contextlib.suppress(FetchError):
        fetch.fetch(url, LIMIT, DEADLINE_S)
    connected, web.connected = web.connected, []

    assert all(is_public(address) for address, _ in connected)


def test_a_body_goes_into_a_file(tmp_path: Path) -> None:
    """Piece by piece, within the same limits."""
    web = ScriptedWeb([answer(b"clip" * 100)])
    with fetcher(web) as fetch:
        fetch.fetch_to(tmp_path / "clip", f"http://{PUBLIC}/", LIMIT, DEADLINE_S)
        assert (tmp_path / "clip").read_bytes() == b"clip" * 100
    with fetcher(ScriptedWeb([answer(b"x" * (LIMIT + 1))])) as fetch, pytest.raises(FetchError, match="more than"):
        fetch.fetch_to(tmp_path / "clip", f"http://{PUBLIC}/", LIMIT, DEADLINE_S)


@pytest.mark.parametrize(("status", "taken"), [(200, True), (204, True), (302, False), (404, False), (500, False)])
def test_a_delivery_is_made_once(status: int, taken: bool) -> None:
    """As JSON with its length, to the checked address; a redirect is not followed."""
    web = ScriptedWeb([answer(status=status, Location="http://127.0.0.1/")])
    with fetcher(web) as fetch, contextlib.ExitStack() as stack:
        if not taken:
            stack.enter_context(pytest.raises(FetchError, match=str(status)))
        fetch.deliver(f"http://{PUBLIC}/told", iter([b'{"a"', b": 1}"]), 8, DEADLINE_S)

    assert web.connected == [(PUBLIC, 80)]
    assert web.sent.startswith(b"POST /told HTTP/1.1")
    assert b"Content-Length: 8\r\n" in web.sent
    assert b"Content-Type: application/json\r\n" in web.sent
    assert web.sent.endswith(b'{"a": 1}')


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://169.254.169.254/latest", "https://[::1]/", *_PORTS])
def test_a_delivery_reaches_nobody_inside(url: str) -> None:
    """The same rules as for fetching."""
    web = ScriptedWeb([answer()])
    with fetcher(web) as fetch, pytest.raises(FetchError):
        fetch.deliver(url, iter([b"{}"]), 2, DEADLINE_S)
    assert web.connected == []
