"""A picture as the upload that Kakao and NHN take."""

from posedeck.net.multipart import encode_upload

_PNG_SIGNATURE = b"\x89PNG"


def encode_picture(field: str, picture: bytes) -> tuple[str, bytes]:
    """Content-Type and body for a JPEG or PNG. The file's own name is never sent: it may tell who is on it."""
    kind, mime = ("png", "image/png") if picture.startswith(_PNG_SIGNATURE) else ("jpg", "image/jpeg")
    return encode_upload(field, f"picture.{kind}", mime, picture)
