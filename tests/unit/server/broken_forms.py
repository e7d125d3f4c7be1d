"""Multipart and URL-encoded bodies that are almost forms."""

from hypothesis import strategies as st

from tests.unit.server.pictures import FRONT

BOUNDARY = {"Content-Type": "multipart/form-data; boundary=xx"}
PART = b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\nbytes'

media_types = st.sampled_from(
    [
        "multipart/form-data; boundary=xx",
        "multipart/form-data; boundary=xx; charset=nonsense",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "application/json",
        "",
    ]
)
near_forms = st.lists(
    st.sampled_from(
        [
            b"--xx",
            b"--xx--",
            b"\r\n",
            b'Content-Disposition: form-data; name="file"',
            b'; filename="a"',
            b"; filename*=utf-8''%ff",
            b'Content-Disposition: form-data; name="image_url"',
            b"Content-Type: image/png",
            b"image_url=",
            b"http://127.0.0.1/",
            b"&",
            b"%",
            FRONT[:50],
        ]
    ),
    max_size=14,
).map(b"".join)
