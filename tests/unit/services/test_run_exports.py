"""Exports of runs: JSON, CSV and the reviewer pack, which opens offline in both languages."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator

import pytest
from PIL import Image

from posedeck.runs.query import RunQuery
from posedeck.runs.run import Review, ReviewState
from posedeck.runs.store import RunStore
from posedeck.services.keypoint_runs import read_and_record
from posedeck.services.keypoints import Vendor
from posedeck.services.posture_runs import kept_result
from posedeck.services.recording import Recorder
from posedeck.services.reviewer_pack import MAX_RUNS, reviewer_pack
from posedeck.services.run_files import run_files
from posedeck.services.run_lists import runs_csv, runs_json
from posedeck.texts import LANGUAGES
from tests.support.answers import clean_answer
from tests.support.archive import archive
from tests.support.vendor import vendor
from tests.unit.runs.builders import run as bare_run
from tests.unit.services.test_keypoint_runs import person, wide_photo
from tests.unit.services.test_posture_runs import analyse

Archive = tuple[RunStore, Recorder]
NOTES = "Ask kim@clinic.example about the left knee <b>"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A posture run with notes, a comparison of two recorded answers, and a run of which only metadata is kept."""
    with archive(tmp_path_factory.mktemp("runs")) as (store, recorder):
        store.save(bare_run(), {})
        for side, shift in (("left", 0.0), ("right", 4.0)):
            data = json.dumps([person(shift)]).encode()
            read_and_record(recorder, Vendor.KAKAO, data, wide_photo(), side=side, group="pair")
        with vendor(clean_answer()) as url:
            result = analyse(recorder, url)
        store.review(result.run_id or "", Review(ReviewState.ACCEPTED, ("=HYPERLINK(1)",), NOTES))
        yield store, recorder


@pytest.fixture(scope="module")
def pack(kept: Archive) -> Iterator[zipfile.ZipFile]:
    """The pack of all runs."""
    store, _ = kept
    with zipfile.ZipFile(io.BytesIO(reviewer_pack(store, store.ids(RunQuery()), "ko"))) as opened:
        yield opened


def folder(pack: zipfile.ZipFile, number: int) -> dict[str, bytes]:
    """The files of the run that stands at a place of the index."""
    return {name.partition("/")[2]: pack.read(name) for name in pack.namelist() if name.startswith(f"{number:02d}-")}


def test_the_pack_has_a_folder_per_run(pack: zipfile.ZipFile) -> None:
    """Reports in both languages, result, values, picture, and what is known of it; the last alone when nothing else."""
    reports = {f"report.{language}.html" for language in LANGUAGES}
    assert set(folder(pack, 1)) == reports | {"result.json", "values.csv", "picture.png", "run.json"}
    assert set(folder(pack, 2)) == set(folder(pack, 3)) == reports | {
        "result.json", "joints.csv", "picture.png", "run.json",
    }  # fmt: skip
    assert set(folder(pack, 4)) == {"run.json"}
    assert b'lang="ko"' in folder(pack, 1)["report.ko.html"]
    with Image.open(io.BytesIO(folder(pack, 1)["picture.png"])) as picture:
        assert picture.format == "PNG"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_opens_offline(pack: zipfile.ZipFile, language: str) -> None:
    """Every link leads to a file of the pack, everything else is in the page itself; user text is text."""
    page = pack.read(f"index.{language}.html").decode()
    links = set(re.findall(r'(?:href|src)="([^"]+)"', page))
    outside = {link for link in links if not link.startswith("data:") and link not in pack.namelist()}
    assert not outside
    assert f"01-posture-{pack.namelist()[0].split('-', 2)[2].split('/')[0]}/report.{language}.html" in links
    assert "://" not in re.sub(r"data:[^\"')]+", "", page)
    assert "about the left knee &lt;b&gt;" in page
    assert "kim@" not in page


def test_the_first_index_is_in_the_readers_language(pack: zipfile.ZipFile) -> None:
    """The other is a click away."""
    assert pack.read("index.html") == pack.read("index.ko.html")
    assert "index.en.html" in pack.read("index.html").decode()


def test_a_pack_is_not_endless(kept: Archive) -> None:
    """More runs than it holds are refused before any is read."""
    with pytest.raises(ValueError, match=str(MAX_RUNS)):
        reviewer_pack(kept[0], ["x"] * (MAX_RUNS + 1), "en")


def test_json_holds_all_that_is_known(kept: Archive) -> None:
    """Request and answer with files by type, size and hash; no e-mail from the notes."""
    store, _ = kept
    ids = store.ids(RunQuery())
    document = json.loads(runs_json(store, ids))
    assert [entry["run"]["id"] for entry in document["runs"]] == ids
    posture = document["runs"][0]
    assert posture["answer"]["forigimg"]["base64"]["type"] == "image/jpeg"
    assert posture["run"]["exchange"]["request"]["value"]["APIKey"] == "***"
    assert posture["review"]["state"] == "accepted"
    assert "kim@" not in json.dumps(document)
    assert document["runs"][3]["answer"] is None


def test_csv_has_a_row_per_run(kept: Archive) -> None:
    """With the values of postures; nothing in it is a formula."""
    store, _ = kept
    ids = store.ids(RunQuery())
    rows = list(csv.DictReader(io.StringIO(runs_csv(store, ids).decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == ids
    values = {f"{entry.key}_deg": entry.value for entry in kept_result(store, store.get(ids[0]).run).metrics}
    assert {name: float(rows[0][name]) for name in values} == values
    assert rows[0]["tags"] == "'=HYPERLINK(1)"
    assert "***" in rows[0]["notes"]
    assert rows[1]["number.people"] == "1.0"


def test_a_run_without_a_result_has_no_files(kept: Archive) -> None:
    """There is nothing to export but what is known of it."""
    store, _ = kept
    assert run_files(store, store.get(store.ids(RunQuery())[3]).run, "en") == []
