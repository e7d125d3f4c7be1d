"""``python -m posedeck compare``: saved answers of either vendor, compared without a browser."""

import json
import time
from pathlib import Path

import pytest
from PIL import Image

from posedeck.__main__ import main
from posedeck.contracts.tickets import check_upload
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17
from posedeck.storage.token import ensure_token
from posedeck.texts import load_texts
from tests.support.people import SAMPLES
from tests.unit.pose.agreement.builders import exchanged, group
from tests.unit.services.test_report import words

PICTURE = SAMPLES / "group3.jpg"


def kakao_body(people: list[Pose]) -> list[dict[str, object]]:
    """An answer as Kakao writes it."""
    return [
        {
            "area": 1.0,
            "bbox": [0, 0, 1, 1],
            "category_id": 1,
            "keypoints": [value for x, y in pose.xy_px.tolist() for value in (x, y, 0.9)],
            "score": 0.9,
        }
        for pose in people
    ]


def nhn_body(people: list[Pose]) -> dict[str, object]:
    """An answer as NHN Cloud writes it."""
    listed = [
        {
            "personId": number,
            "inferKeypointList": [
                {"name": name, "part": "body", "x": x, "y": y, "score": 0.8}
                for name, (x, y) in zip(COCO_17.names, pose.xy_px.tolist(), strict=True)
            ],
        }
        for number, pose in enumerate(people, 1)
    ]
    return {
        "header": {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"},
        "result": {"fileType": "jpg", "numberOfPerson": len(people), "keyPointList": listed},
    }


@pytest.fixture
def answers(tmp_path: Path) -> tuple[str, str]:
    """Kakao's answer about the sample group, and NHN's with the first person's wrists exchanged."""
    people = group()
    left, right = tmp_path / "left.json", tmp_path / "right.json"
    left.write_text(json.dumps(kakao_body(people)))
    right.write_text(json.dumps(nhn_body([exchanged(people[0], "wrist"), *people[1:]])))
    return str(left), str(right)


def test_both_vendors_are_told_by_their_form(answers: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """JSON on standard output: who is who, the inversion, and no picture when none was given."""
    assert main(["compare", *answers]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [document[side]["vendor"] for side in ("left", "right")] == ["kakao", "nhn"]
    assert document["picture"] is None
    verdicts = {joint["name"]: joint["verdict"] for joint in document["agreement"]["pairs"][0]["joints"]}
    assert {name for name, verdict in verdicts.items() if verdict == "inversion"} == {"left_wrist", "right_wrist"}


def test_the_report_is_written_in_the_language_asked_for(
    answers: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the picture, to files; standard output stays empty."""
    out, page = tmp_path / "out.json", tmp_path / "report.html"
    command = ["compare", *answers, "--image", str(PICTURE), "--out", str(out), "--html", str(page)]
    assert main([*command, "--lang", "ko", "--profile", "literature", "--least-score", "0.85"]) == 0
    assert capsys.readouterr().out == ""
    document = json.loads(out.read_text("utf-8"))
    assert (document["picture"]["width"], document["picture"]["height"]) == (1024, 768)
    assert (document["profile"]["name"], document["least_score"]) == ("literature", 0.85)
    assert document["agreement"]["pairs"] == []  # all of NHN's scores are below
    text = words(page.read_text("utf-8"))
    assert load_texts("ko")("comparison_report.title") in text
    assert load_texts("ko")("keypoints.nobody") in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        ("not JSON", "not JSON"),
        ('{"hello": 1}', "neither Kakao's list of people nor NHN's object"),
        ('{"code": -9, "msg": "API is terminated"}', "neither Kakao's list"),
        ('{"header": {"isSuccessful": false, "resultCode": 4040001, "resultMessage": "gone"}}', "right.json"),
        ('[{"keypoints": [1, 2]}]', "keypoints"),
    ],
)
def test_what_cannot_be_read_is_named(
    answers: tuple[str, str], content: str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line on standard error with the file and the reason, exit code 2, nothing on standard output."""
    right = Path(answers[1])
    right.unlink()
    if content is not None:
        right.write_text(content)
    assert main(["compare", *answers]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"posedeck: {right}: ")
    assert said in captured.err


def test_a_picture_of_something_else_is_refused(
    answers: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is no picture, and one that is too small for the keypoints."""
    assert main(["compare", *answers, "--image", answers[0]]) == 2
    assert "cannot be decoded" in capsys.readouterr().err
    small = tmp_path / "small.png"
    Image.new("RGB", (64, 64)).save(small)
    assert main(["compare", *answers, "--image", str(small)]) == 2
    assert "not of this picture" in capsys.readouterr().err


def test_an_unknown_profile_is_refused(answers: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the profiles there are."""
    assert main(["compare", *answers, "--profile", "nope"]) == 2
    assert "remo-2024" in capsys.readouterr().err


def test_an_unwritable_report_is_refused(answers: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is printed when not everything could be done."""
    assert main(["compare", *answers, "--html", "/nowhere/report.html"]) == 2
    captured = capsys.readouterr()
    assert "cannot write /nowhere/report.html" in captured.err
    assert captured.out == ""


def test_an_upload_ticket_is_printed_that_the_server_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSEDECK_DATA_DIR", str(tmp_path))
    assert main(["upload-ticket"]) == 2
    token = ensure_token(tmp_path)
    assert main(["upload-ticket"]) == 0
    assert check_upload(capsys.readouterr().out.strip(), token, time.time()).origin == ""
