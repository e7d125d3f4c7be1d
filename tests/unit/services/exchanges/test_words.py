"""Everything that the inspector may have to name has a name in both languages."""

from collections.abc import Iterator

import pytest

from posedeck.contracts.faults import Target, codes_of, faults_of
from posedeck.net.errors import AnswerRefused, VendorError
from posedeck.net.record import BROKEN_OFF
from posedeck.services.sources import Source
from posedeck.texts import LANGUAGES, load_texts


def ends_of_calls(kind: type[VendorError] = VendorError) -> Iterator[str]:
    """Errors of the transport; refusals are raised by the clients, after a call has ended well."""
    for child in kind.__subclasses__():
        if not issubclass(child, AnswerRefused):
            yield child.__name__
            yield from ends_of_calls(child)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_without_words(language: str) -> None:
    t = load_texts(language)
    keys = [f"inspector.error.{name}" for name in (*ends_of_calls(), BROKEN_OFF) if not name.startswith("_")]
    keys += [f"source.{source}.name" for source in Source] + [f"source.{source}.note" for source in Source]
    for target in Target:
        keys += [f"fault.target.{target}"]
        keys += [f"fault.{fault}" for fault in faults_of(target) if fault not in codes_of(target)]
    assert [key for key in keys if key not in t] == []
