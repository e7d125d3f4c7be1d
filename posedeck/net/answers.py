"""An answer's JSON without what the call carried: vendors quote keys and e-mail addresses in errors and echoes."""

from collections.abc import Callable
from typing import Any

from posedeck.contracts.folding import fold_base64
from posedeck.net.exchange import Exchange
from posedeck.net.masking import MAX_TEXT_CHARS, Masker


def without_secrets(body: Any, exchange: Exchange | None) -> Any:
    """The JSON of an answer, its files in it, with the secrets of its call and every e-mail address masked.

    Args:
        body: The JSON as it came.
        exchange: By which it came; None when that is not known: then only e-mail addresses and what stands under the
            name of a secret are masked.
    """
    record = exchange.record if exchange else None
    if record is not None and record.response is not None and record.response.kind == "json":
        masked = record.response.value
    else:
        masked = Masker(()).data(fold_base64(body), by_name=False)
    return _unfolded(masked, body, exchange.mask if exchange else Masker(()).text)


def _unfolded(masked: Any, original: Any, mask: Callable[[str], str]) -> Any:
    """A masked value with its files as they were."""
    if isinstance(original, dict):
        if len(masked) != len(original):
            return masked  # names that were secrets have become one
        pairs = zip(masked.items(), original.values(), strict=True)
        return {name: _unfolded(value, before, mask) for (name, value), before in pairs}
    if isinstance(original, list):
        return [_unfolded(value, before, mask) for value, before in zip(masked, original, strict=True)]
    if isinstance(original, str) and len(original) > MAX_TEXT_CHARS and isinstance(masked, str):
        return mask(original)  # records cut long texts
    return original if isinstance(masked, dict) else masked
