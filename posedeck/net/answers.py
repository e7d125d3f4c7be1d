"""An answer's JSON without what the call carried: vendors quote keys and e-mail addresses in errors and echoes."""

from typing import Any

from posedeck.contracts.folding import fold_base64
from posedeck.net.masking import MAX_TEXT_CHARS, Masker
from posedeck.net.record import ExchangeRecord


def without_secrets(body: Any, record: ExchangeRecord | None) -> Any:
    """The JSON of an answer, its files in it, with the secrets of its call and every e-mail address masked.

    Args:
        body: The JSON as it came.
        record: The exchange by which it came; None when that is not known: then only e-mail addresses are masked.
    """
    if record is not None and record.response is not None and record.response.kind == "json":
        masked = record.response.value
    else:
        masked = Masker(()).data(fold_base64(body), by_name=False)
    return _unfolded(masked, body)


def _unfolded(masked: Any, original: Any) -> Any:
    """A masked value with its files as they were."""
    if isinstance(original, dict):
        if len(masked) != len(original):
            return masked  # names that were secrets have become one
        pairs = zip(masked.items(), original.values(), strict=True)
        return {name: _unfolded(value, before) for (name, value), before in pairs}
    if isinstance(original, list):
        return [_unfolded(value, before) for value, before in zip(masked, original, strict=True)]
    if isinstance(original, str) and len(original) > MAX_TEXT_CHARS and isinstance(masked, str):
        return Masker(()).text(original)  # records cut long texts
    return original if isinstance(masked, dict) else masked
