"""The upload form, read back by an independent parser."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_multipart import parse_form

from posedeck.net.multipart import encode_upload


def parsed(content_type: str, body: bytes) -> list[Any]:
    """The files of a form."""
    files: list[Any] = []
    fields: list[Any] = []
    headers = {"Content-Type": content_type.encode(), "Content-Length": str(len(body)).encode()}
    parse_form(headers, io.BytesIO(body), fields.append, files.append)
    assert fields == []
    return files


@given(data=st.binary(max_size=2000))
def test_whatever_the_file_holds_comes_back(data: bytes) -> None:
    """One file under its field and name, byte for byte; line ends and dashes within it mean nothing."""
    (file,) = parsed(*encode_upload("image", "picture.jpg", "image/jpeg", b"\r\n--" + data + b"\r\n"))

    file.file_object.seek(0)
    assert (file.field_name, file.file_name) == (b"image", b"picture.jpg")
    assert file.file_object.read() == b"\r\n--" + data + b"\r\n"


def test_two_forms_never_share_a_boundary() -> None:
    """Nobody can write a file that ends its own part."""
    assert encode_upload("a", "b", "c/d", b"")[0] != encode_upload("a", "b", "c/d", b"")[0]


@pytest.mark.parametrize(
    ("name", "escaped"), [('a"b', b"a%22b"), ("a\r\nX: y", b"a%0D%0AX: y"), ("사진.jpg", "사진.jpg".encode())]
)
def test_names_cannot_leave_their_quotes(name: str, escaped: bytes) -> None:
    """Quotes and line ends are percent-encoded as the HTML standard says; other characters are UTF-8."""
    _, body = encode_upload("file", name, "image/png", b"")

    assert b'; filename="' + escaped + b'"\r\nContent-Type: image/png\r\n\r\n' in body
