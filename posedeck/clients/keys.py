"""Keys as users paste them."""

from posedeck.net.errors import InvalidCall

INVALID_KEY = "error.credentials"


def checked_key(key: str, vendor: str) -> str:
    """The key without white space around it.

    Raises:
        InvalidCall: when nothing is left of it, or it holds what no header and no path can carry.
    """
    key = key.strip()
    if not (key and key.isascii() and key.isprintable()):
        raise InvalidCall("a key is missing or malformed", vendor=vendor, message_key=INVALID_KEY)
    return key
