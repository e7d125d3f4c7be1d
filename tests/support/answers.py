"""Builders of clean answers of our server, without a server."""

import io
from typing import Any

import msgspec
from PIL import Image

from posedeck.contracts.images import encode_base64_image
from posedeck.contracts.remo.coords import print_coords, to_remo_22
from posedeck.contracts.remo.future_shape import (
    BodyPart,
    FutureShapeSuccess,
    ShapeWarning,
    WireIntegrity,
    WireShapeMethod,
    WireWidth,
)
from posedeck.contracts.remo.skeleton import FIELDS, WireMethod, read_pose, write_pose
from posedeck.pose.calibration import load_calibration
from posedeck.pose.grades import REMO_2024, load_profile
from posedeck.pose.posture import METRICS
from tests.support.people import level_front, moved, upright_profile


def clean_answer() -> dict[str, Any]:
    """A success as our server sends it: every value follows from ``x_pose``, ``x_method`` and the profile."""
    front = moved(
        level_front(),
        left_shoulder=(0, -11.3),
        left_hip=(0, -4.2),
        left_knee=(7.7, -2.1),
        right_knee=(-3.1, 0.4),
        left_ear=(0, 2.5),
    )
    side = moved(
        upright_profile(), left_ear=(21.4, 3), right_ear=(21.4, 3), left_shoulder=(8, 0), right_shoulder=(6, 1)
    )
    poses = {"front": write_pose(front), "side": write_pose(side)}
    printed = {view: read_pose(pose) for view, pose in poses.items()}
    raw = {metric.key: metric.measure(printed[metric.view]) for metric in METRICS}
    values = {key: round(value, 3) for key, value in load_calibration().apply(raw).items()}
    profile = load_profile(REMO_2024)
    body: dict[str, Any] = {
        "state": True,
        "APIName": "Analysis_skeleton",
        "status_code": 200,
        "credit_change": -1,
        "credit": 99,
        "uuid": "0b9d2a3e-5c8c-4b53-9a44-6a1d4f7d9c11",
        "forigimg": encode_base64_image(picture(), "image/jpeg"),
        "sorigimg": encode_base64_image(picture(), "image/jpeg"),
        "far_coords": print_coords(to_remo_22(printed["front"])),
        "sar_coords": print_coords(to_remo_22(printed["side"])),
        "x_raw": {key: round(value, 3) for key, value in raw.items()},
        "x_pose": poses,
        "x_method": WireMethod(
            engine="posedeck",
            models=["pose_landmark_full"],
            passes=8,
            calibration=load_calibration().version,
            profile=REMO_2024,
            head_source={"front": "face", "side": "face"},
        ),
    }
    for key, (value_name, grade_name) in FIELDS.items():
        body[value_name] = values[key]
        body[grade_name] = profile.grade(key, values[key])
    decoded: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(body))
    return decoded


def picture() -> bytes:
    """A small JPEG."""
    buffer = io.BytesIO()
    Image.new("RGB", (24, 32), (90, 120, 130)).save(buffer, "JPEG")
    return buffer.getvalue()


def future_shape_answer(png: bytes, *, ratio: float = 0.85) -> dict[str, Any]:
    """A success of ``analysis-future-shape`` as our server sends it; every width is two thirds of the way."""
    width = WireWidth(intended=1 + (ratio - 1) * 2 / 3, achieved=1 + (ratio - 1) * 2 / 3 + 0.002)
    encoded = encode_base64_image(png)
    success = FutureShapeSuccess(
        result_image=encoded,
        result_image_again=encoded,
        x_credit_change=-1,
        x_credit=99,
        x_ratio=ratio,
        x_widths=dict.fromkeys(BodyPart, width),
        x_warnings=[ShapeWarning.SEVERAL_PEOPLE],
        x_integrity=WireIntegrity(
            background_mean_diff=0.0,
            background_max_diff=0.0,
            face_ssim=0.991,
            min_det_j=0.43,
            amplitude=1.0,
            bone_change=0.012,
        ),
        x_method=WireShapeMethod(
            engine="posedeck", models=["pose_landmark_full"], gender="male", view="front", marked=True
        ),
    )
    decoded: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(success))
    return decoded
