"""JSON with a large base64 field, read from disk: the same verdict and bytes as decoding it in memory."""

import base64
import json
import re
import tracemalloc
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posedeck.contracts.images import decode_base64_image
from posedeck.server import large_body
from posedeck.server.large_body import REST_LIMIT, NotBase64Error, Rest, take_base64_field

TEXT = base64.b64encode(bytes(range(256))).decode()


def take(folder: Path, body: bytes) -> tuple[Rest, bytes | None]:
    """What is left of a body, and the bytes of its field ``video``."""
    source, target = folder / "body", folder / "video"
    source.write_bytes(body)
    target.unlink(missing_ok=True)
    rest = take_base64_field(source, "video", target)
    return rest, target.read_bytes() if target.exists() else None


@pytest.mark.parametrize(
    "text", [TEXT, f"data:video/mp4;base64,{TEXT}", f" {TEXT[:7]}\n{TEXT[7:]}\r\n", TEXT.replace("+", "\\u002b")]
)
@pytest.mark.parametrize("slash", ["/", "\\/"])
@pytest.mark.parametrize("piece", [5, 64, 1 << 20])
def test_ways_to_write_a_file(tmp_path: Path, text: str, slash: str, piece: int) -> None:
    """Bare, as a data URI, broken into lines, with PHP's or other escapes, and whatever is cut where."""
    escaped = text.replace("\n", "\\n").replace("\r", "\\r").replace("/", slash)
    with patch.object(large_body, "PIECE_BYTES", piece):
        rest, video = take(tmp_path, b'{"uuid": "u", "video": "%s", "height": 180}' % escaped.encode())

    assert (rest.size, video) == (256, bytes(range(256)))
    assert json.loads(rest.json) == {"uuid": "u", "height": 180}


near_base64 = st.one_of(
    st.binary(max_size=60).map(lambda data: base64.b64encode(data).decode()),
    st.text(st.sampled_from('AZaz09+/=\\ \n\r\t-_é"'), max_size=30),
    st.tuples(st.binary(max_size=30), st.integers(0, 40)).map(
        lambda both: base64.b64encode(both[0]).decode()[: both[1]] + "data:a/b;base64,"
    ),
    st.binary(max_size=30).map(lambda data: "data:video/mp4;base64," + base64.b64encode(data).decode()),
)


STRAY_PADDING = re.compile(r"^(....)*=|===$")


@example(text="0000=", piece=40, escape=False)
@example(text="0000====", piece=5, escape=False)
@example(text="0000====", piece=40, escape=False)
@given(text=near_base64, piece=st.integers(5, 40), escape=st.booleans())
def test_the_verdict_is_that_of_decoding_in_memory(
    tmp_path_factory: pytest.TempPathFactory, text: str, piece: int, escape: bool
) -> None:
    """Wherever it is cut, and whatever is wrong with it."""
    body = json.dumps({"video": text}, ensure_ascii=escape).encode()
    try:
        expected: bytes | None = decode_base64_image(text)
    except ValueError:
        expected = None
    if STRAY_PADDING.search("".join(text.rpartition("base64,")[2].split())):
        # Python takes it behind whole groups.
        expected = None
    with patch.object(large_body, "PIECE_BYTES", piece):
        try:
            rest, video = take(tmp_path_factory.getbasetemp(), body)
        except NotBase64Error:
            assert expected is None
        else:
            assert video == (expected or b"")
            assert rest.size == len(video)


@pytest.mark.parametrize("value", [b"12", b"true", b"[]", b"{}", b'["AAAA"]'])
def test_a_field_that_is_no_text_is_no_base64(tmp_path: Path, value: bytes) -> None:
    """Not even a list of it."""
    with pytest.raises(NotBase64Error):
        take(tmp_path, b'{"video": %s}' % value)


@pytest.mark.parametrize("body", [b"{}", b'{"video": null}', b'{"other": "AAAA"}'])
def test_a_field_that_is_not_there_is_told_from_an_empty_one(tmp_path: Path, body: bytes) -> None:
    """No file is written for it."""
    rest, video = take(tmp_path, body)

    assert (rest.size, video) == (None, None)
    assert take(tmp_path, b'{"video": ""}')[0].size == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"12", b"{", b'{"video": "AAAA"', b"\xff", b"\0" * 50, b"[" * 100_000])
def test_what_is_no_json_object_is_refused(tmp_path: Path, body: bytes) -> None:
    """Also when it is cut off behind the field."""
    with pytest.raises(msgspec.DecodeError):
        take(tmp_path, body)


def test_the_other_fields_must_be_small(tmp_path: Path) -> None:
    """They go into memory."""
    with pytest.raises(msgspec.DecodeError, match="too large"):
        take(tmp_path, b'{"video": "AAAA", "uuid": "%s"}' % (b"u" * REST_LIMIT))


def test_memory_does_not_grow_with_the_body(tmp_path: Path) -> None:
    """A body of 40 MB is read in a few pieces of one."""
    body = tmp_path / "body"
    body.write_bytes(b'{"video": "%s"}' % (b"AAAA" * 10_000_000))
    tracemalloc.start()
    try:
        rest = take_base64_field(body, "video", tmp_path / "video")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert rest.size == 30_000_000
    assert peak < 8_000_000
