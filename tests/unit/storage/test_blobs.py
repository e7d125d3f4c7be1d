"""Blobs: the same behaviour in a folder and in an object store."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.store import MemoryStore

from posedeck.storage.blobs import BLOB_URL_VARIABLE, PIECE_BYTES, Blobs, open_blobs

DATA = bytes(range(256)) * 20
KEY = hashlib.sha256(DATA).hexdigest()
NOBODYS = "0" * 64


@pytest.fixture(params=["folder", "object store"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    """An empty store of either kind."""
    return open_blobs(tmp_path) if request.param == "folder" else Blobs(MemoryStore())


def test_the_key_is_the_hash_of_the_content(blobs: Blobs, tmp_path: Path) -> None:
    """Bytes and a file of the same bytes are one blob."""
    source = tmp_path / "source"
    source.write_bytes(DATA)

    assert [blobs.put(DATA), blobs.put_file(source)] == [KEY, KEY]
    assert list(blobs.keys()) == [KEY]
    assert blobs.get(KEY) == DATA
    assert blobs.exists(KEY)


def test_size_and_age(blobs: Blobs) -> None:
    """A sweep goes by the time of the last writing."""
    blobs.put(DATA)
    info = blobs.info(KEY)

    assert (KEY, len(DATA)) == (info.key, info.size)
    assert abs(info.written_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert [info] == list(blobs.infos())


def test_keeping_again_makes_as_new(tmp_path: Path) -> None:
    """So that what is kept again right now is not swept for its age."""
    blobs = open_blobs(tmp_path)
    blobs.put(DATA)
    path = blobs.local_path(KEY)
    assert path is not None
    old = path.stat().st_mtime - 7200
    os.utime(path, (old, old))
    blobs.put(DATA)

    assert blobs.info(KEY).written_at.timestamp() > old + 3600


def test_a_large_file_goes_in_and_out_in_pieces(blobs: Blobs, tmp_path: Path) -> None:
    """More than one part of an upload, and more than one piece of a stream."""
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"0123456789abcdef" * (20 * PIECE_BYTES // 16))
    key = blobs.put_file(source)
    blobs.fetch_to(key, target)

    assert target.read_bytes() == source.read_bytes()
    # An object store in memory has it in one piece anyway.
    assert blobs.local_path(key) is None or len(list(blobs.stream(key))) > 1


@given(start=st.integers(0, len(DATA) + 10), length=st.integers(0, len(DATA) + 10))
def test_a_stream_of_a_range(start: int, length: int) -> None:
    """As slices of bytes are."""
    blobs = Blobs(MemoryStore())
    blobs.put(DATA)

    assert DATA[start : start + length] == b"".join(blobs.stream(KEY, start, start + length))
    assert DATA[start:] == b"".join(blobs.stream(KEY, start))


def test_a_folder_gives_its_files(tmp_path: Path) -> None:
    """A video can be decoded where it lies; an object store has no such file."""
    blobs = open_blobs(tmp_path)
    path = blobs.local_path(blobs.put(DATA))

    assert path is not None
    assert path.read_bytes() == DATA
    assert Blobs(MemoryStore()).local_path(KEY) is None


def test_what_is_deleted_is_gone(blobs: Blobs) -> None:
    """Deleting twice is no fault."""
    blobs.put(DATA)
    blobs.delete(KEY)
    blobs.delete(KEY)

    assert not blobs.exists(KEY)
    with pytest.raises(FileNotFoundError):
        blobs.get(KEY)
    with pytest.raises(FileNotFoundError):
        blobs.stream(KEY)


@pytest.mark.parametrize("key", [NOBODYS, "", "../../etc/passwd", "ab/../../../x", KEY.upper(), f"{KEY}\n", "\0"])
def test_no_key_leads_out_of_the_store(blobs: Blobs, tmp_path: Path, key: str) -> None:
    """Whatever is not a key, or not known, is simply not there."""
    blobs.put(DATA)

    for read in (blobs.get, blobs.stream, blobs.info):
        with pytest.raises(FileNotFoundError):
            read(key)
    with pytest.raises(FileNotFoundError):
        blobs.fetch_to(key, tmp_path / "target")


def test_another_store_by_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is used instead of the folder."""
    monkeypatch.setenv(BLOB_URL_VARIABLE, "memory:///")
    blobs = open_blobs(tmp_path)
    blobs.put(DATA)

    assert blobs.get(KEY) == DATA
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["no url", "carrier-pigeon://key:hidden@coop"])
def test_a_wrong_url_is_refused_without_repeating_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """It may hold a key."""
    monkeypatch.setenv(BLOB_URL_VARIABLE, url)

    with pytest.raises(ValueError, match=BLOB_URL_VARIABLE) as caught:
        open_blobs(tmp_path)
    assert "hidden" not in str(caught.value)
