"""Large base64 values, collapsed to what a reader needs to know of them."""

from posedeck.contracts.folding import fold_base64 as collapse_base64

__all__ = ["collapse_base64"]
