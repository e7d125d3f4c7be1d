"""The use-case: one photo out, one picture back, and what was changed in it."""

import json
from typing import Any

import pytest

from posedeck.clients.own import OwnClient
from posedeck.clients.remo import RemoClient, RemoCredentials
from posedeck.contracts.remo.future_shape import BodyPart, Direction, Gender, ShapeWarning
from posedeck.contracts.remo.skeleton import write_pose
from posedeck.net.errors import UnparseableAnswer
from posedeck.pose.pose import Pose
from posedeck.services.future_shape import FindPose, ShapeResult, ShapeWish, pose_finder, reshape_photo
from posedeck.services.photos import prepare_photo
from posedeck.services.shape_alignment import Fit
from posedeck.services.sources import Source
from tests.support.answers import future_shape_answer
from tests.support.people import SAMPLES, level_front
from tests.support.shapes import encoded, heavy, scaled, slim_pose
from tests.unit.clients.builders import Vendor

WISH = ShapeWish(Direction.WORST, Gender.MALE, 1.3)


def nobody(picture: bytes) -> Pose | None:
    """An engine that finds nobody."""
    return None


def the_man(picture: bytes) -> Pose | None:
    """The slim man's joints, whatever the picture: he stands in all of them."""
    return slim_pose()


def ask(
    body: dict[str, Any], source: Source = Source.LOCAL, find_pose: FindPose = the_man
) -> tuple[ShapeResult, dict[str, Any]]:
    """The result of one call with the slim man's photo, and the body that was sent."""
    photo = prepare_photo((SAMPLES / "body_slim.jpg").read_bytes())
    vendor = Vendor(body)
    with vendor.transport:
        result = reshape_photo(
            RemoClient(vendor.transport, "http://vendor.example"),
            RemoCredentials("mail", "user", "key"),
            photo,
            WISH,
            source=source,
            base_url="http://vendor.example",
            find_pose=find_pose,
        )
    return result, json.loads(vendor.request.content)


def test_our_engines_answer_comes_with_all_it_says() -> None:
    """The wish is sent and the mark is left to us; picture, widths, warnings and figures come back."""
    result, sent = ask(future_shape_answer(encoded(heavy()), ratio=1.3))
    assert (sent["x_ratio"], sent["x_mark"]) == (1.3, False)
    assert result.after.shape == (1024, 768, 3)
    assert result.aligned.fit is Fit.SAME
    assert set(result.widths) == set(BodyPart)
    assert result.warnings == (ShapeWarning.SEVERAL_PEOPLE,)
    assert result.engine_integrity is not None
    assert result.integrity is not None
    assert not result.integrity.unchanged
    assert not result.integrity.background_bent
    assert (result.credit, result.credit_change, result.ratio) == (99, -1, 1.3)


def test_a_vendor_gets_no_wish_and_its_bare_answer_is_measured() -> None:
    """A live answer says nothing of itself, is smaller, and is measured all the same."""
    body = {"state": True, "result_image": future_shape_answer(encoded(scaled(heavy(), 384, 512)))["result_image"]}
    result, sent = ask(body, Source.LIVE)
    assert not [name for name in sent if name.startswith("x_")]
    assert result.wish.ratio is None
    assert (result.ratio, result.widths, result.engine_integrity, result.credit) == (None, {}, None, None)
    assert result.aligned.fit is Fit.SCALED
    assert result.integrity is not None
    assert not result.integrity.unchanged


def test_a_photo_that_comes_back_is_told() -> None:
    """A vendor that returns the photo as its result has changed nothing."""
    photo = (SAMPLES / "body_slim.jpg").read_bytes()
    body = {"state": True, "resultImage": future_shape_answer(photo)["resultImage"]}
    result, _ = ask(body, Source.LIVE)
    assert result.integrity is not None
    assert result.integrity.unchanged


def test_without_a_person_nothing_is_measured() -> None:
    """The picture is shown, its integrity is not known."""
    result, _ = ask(future_shape_answer(encoded(heavy())), find_pose=nobody)
    assert result.integrity is None


def test_a_cut_picture_is_no_answer() -> None:
    """Half a PNG under a success is told as unreadable."""
    data = encoded(heavy())
    with pytest.raises(UnparseableAnswer):
        ask(future_shape_answer(data[: len(data) // 2]))


def test_poses_are_found_by_our_server() -> None:
    """The preview's pose; none when there is nobody, and none when the server cannot tell."""

    def find(body: Any, status: int = 200) -> Pose | None:
        vendor = Vendor(body, status)
        with vendor.transport:
            return pose_finder(OwnClient(vendor.transport, "http://own.example"))(b"picture")

    preview = {"width": 8, "height": 8, "faults": [], "pose": None}
    assert find(preview) is None
    assert find({}, 503) is None
    wire = write_pose(level_front())
    found = find({**preview, "pose": {name: getattr(wire, name) for name in wire.__struct_fields__}})
    assert found is not None
    assert found.torso_px == pytest.approx(level_front().torso_px)
