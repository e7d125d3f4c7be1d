"""Every sentence the product shows, by key, in English and Korean.

The catalogues are gettext files in ``locales/<language>/*.po``, read directly (no compiled copies to forget). Their
message ids are keys such as ``error.remo.418``; placeholders are ``{name}``.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "ko": "한국어"}
DEFAULT_LANGUAGE = "en"
_LOCALES = Path(__file__).resolve().parents[1] / "locales"


@dataclass(frozen=True)
class Texts:
    """The texts of one language."""

    language: str
    messages: dict[str, str]

    def __call__(self, key: str, **values: Any) -> str:
        """The text of a key with its placeholders filled. Raises KeyError for an unknown key."""
        return self.messages[key].format(**values) if values else self.messages[key]

    def __contains__(self, key: str) -> bool:
        return key in self.messages


@cache
def load_texts(language: str) -> Texts:
    """The catalogue of a language of ``LANGUAGES``. Raises KeyError for another one."""
    if language not in LANGUAGES:
        raise KeyError(language)
    messages: dict[str, str] = {}
    for path in sorted((_LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and isinstance(message.id, str) and isinstance(message.string, str):
                    messages[message.id] = message.string
    return Texts(language, messages)


def best_language(accepted: str | None) -> str:
    """The language to start with for a browser's locale such as ``ko-KR``."""
    prefix = (accepted or "").split("-")[0].lower()
    return prefix if prefix in LANGUAGES else DEFAULT_LANGUAGE
