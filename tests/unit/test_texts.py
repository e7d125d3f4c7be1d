"""The texts of both languages: complete, alike, and there for everything that asks for one."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args, get_type_hints

import pytest
from babel.messages.pofile import read_po

from posedeck.contracts.remo import audit
from posedeck.contracts.remo.errors import RemoCode
from posedeck.engine.models import ModelProgress
from posedeck.net.errors import VendorError
from posedeck.pose.capture import CaptureFault
from posedeck.pose.posture import METRICS, View
from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.texts import LANGUAGES, load_texts

ROOT = Path(__file__).resolve().parents[2]
CODE = ("shell", "pages", "components", "posedeck/services")
#: A placeholder inside a key that code builds, such as f"metric.{key}.name".
ANYTHING = "[^ ]+"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def keys_in_code() -> Iterator[tuple[str, str]]:
    """Where and which: a regular expression for each key that code passes to ``t``."""
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t" and node.args:
                    for pattern in patterns(node.args[0]):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", pattern


def patterns(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [re.escape(argument.value)]
    if isinstance(argument, ast.IfExp):
        return patterns(argument.body) + patterns(argument.orelse)
    if isinstance(argument, ast.JoinedStr):
        parts = (re.escape(str(p.value)) if isinstance(p, ast.Constant) else ANYTHING for p in argument.values)
        return ["".join(parts)]
    return []  # a key held in a variable: the tests of its source cover it


def all_errors(kind: type[VendorError] = VendorError) -> Iterator[type[VendorError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from all_errors(child)


def test_both_languages_have_the_same_keys() -> None:
    """A key of one language is a key of the other."""
    assert load_texts("en").messages.keys() == load_texts("ko").messages.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_given_twice(language: str) -> None:
    """A key stands in one file once: a second one would hide the first."""
    counts: Counter[str] = Counter()
    for path in (ROOT / "locales" / language).glob("*.po"):
        counts.update(re.findall(r'^msgid "(.+)"$', path.read_text("utf-8"), flags=re.MULTILINE))
    assert [key for key, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_valid_and_nothing_is_empty(language: str) -> None:
    """Every file parses as gettext and every text says something."""
    for path in (ROOT / "locales" / language).glob("*.po"):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
        assert [message.id for message in catalogue if message.id and not str(message.string).strip()] == []


def test_placeholders_agree() -> None:
    """A text takes the same values in both languages."""
    english, korean = load_texts("en").messages, load_texts("ko").messages
    assert {key: placeholders(text) for key, text in english.items()} == {
        key: placeholders(text) for key, text in korean.items()
    }


def test_korean_is_korean() -> None:
    """A Korean text has Hangul, but for names and formats that are the same in every language."""
    same = {key for key, text in load_texts("ko").messages.items() if not re.search("[가-힣]", text)}
    assert {key for key in same if load_texts("en")(key) != load_texts("ko")(key)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_is_explained(language: str) -> None:
    """A metric has its name, definition, both signs, source and limits."""
    t = load_texts(language)
    fields = ("name", "short", "definition", "positive", "negative", "source", "limit")
    wanted = {f"metric.{metric.key}.{field}" for metric in METRICS for field in fields}
    assert wanted - t.messages.keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_keypoint_has_a_name(language: str) -> None:
    """The overlay can name each of our 33 keypoints."""
    assert {f"keypoint.{name}" for name in BLAZEPOSE_33.names} - load_texts(language).messages.keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_sentence(language: str) -> None:
    """Each code of Remo's error table is explained."""
    assert {f"error.remo.{int(code)}" for code in RemoCode} - load_texts(language).messages.keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_failure_has_a_sentence(language: str) -> None:
    """Each class of the error tree is explained, and so is an error that we do not know."""
    wanted = {kind.default_message_key for kind in all_errors()} | {"error.unknown"}
    assert wanted - load_texts(language).messages.keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_error_sentences_take_no_values(language: str) -> None:
    """An error is shown by its key alone."""
    texts = load_texts(language).messages
    assert {key for key, text in texts.items() if key.startswith("error.") and placeholders(text)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_capture_fault_says_what_to_do(language: str) -> None:
    """Each fault of a photo has a sentence for either photo."""
    faults = (*CaptureFault, "no_person")
    wanted = {f"capture.{view.value}.{fault}" for view in View for fault in faults}
    assert wanted - load_texts(language).messages.keys() == set()


def test_nothing_is_called_a_diagnosis() -> None:
    """The product screens; the only text with the word says that it is none."""
    english, korean = load_texts("en").messages, load_texts("ko").messages
    assert {key for key, text in english.items() if "diagnos" in text.lower()} == {"posture.screening"}
    assert {key for key, text in korean.items() if "진단" in text} == {"posture.screening"}


def test_every_key_in_code_exists() -> None:
    """What shell, pages, components and services ask for is in the catalogue."""
    keys = load_texts("en").messages
    found = list(keys_in_code())
    assert len(found) > 50
    assert [(place, p) for place, p in found if not any(re.fullmatch(p, key) for key in keys)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_of_the_engine_has_a_text(language: str) -> None:
    """Whatever stage the server reports at its first start can be shown."""
    stages = {*get_args(get_type_hints(ModelProgress)["stage"]), "warming", "failed"}
    assert {stage for stage in stages if f"engine.stage.{stage}" not in load_texts(language)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_of_the_audit_has_a_text(language: str) -> None:
    """Each name that the audit can give is explained."""
    sources = Path(audit.__file__).parent.glob("audit*.py")
    names = {name for path in sources for name in re.findall(r'(?:_finding|Finding)\(\s*"(\w+)"', path.read_text())}
    assert len(names) > 20
    assert {name for name in names if f"audit.{name}" not in load_texts(language)} == set()
