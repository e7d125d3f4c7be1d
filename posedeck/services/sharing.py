"""What is taken out of everything that leaves the installation: credentials, public demo ones too, and e-mails."""

import re
from typing import Any

from posedeck.contracts.folding import fold_base64
from posedeck.net.redact import MASK, redact_data, redact_text

# RFC 5321 gives the part before the @ 64 characters; without that bound a long text without any @ takes for ever.
_EMAIL = re.compile(r"[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+")


def shareable(value: Any) -> Any:
    """A JSON value without what stands under secret names, without secret parts of addresses, without e-mails."""
    return _without_emails(redact_data(value))


def shareable_text(text: str) -> str:
    """A text without secret parts of addresses and without e-mails."""
    return _EMAIL.sub(MASK, redact_text(text))


def shareable_answer(body: Any) -> Any:
    """An answer's JSON as the clients give it, its files folded, without e-mails."""
    return _without_emails(fold_base64(body))


def _without_emails(value: Any) -> Any:
    if isinstance(value, dict):
        return {_EMAIL.sub(MASK, key): _without_emails(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_emails(item) for item in value]
    return _EMAIL.sub(MASK, value) if isinstance(value, str) else value
