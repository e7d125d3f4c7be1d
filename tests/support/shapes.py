"""Pictures of one person reshaped well and badly, made from the sample people."""

import io

import cv2
import numpy as np
from PIL import Image

from posedeck.engine.images import load_image
from posedeck.pose.pose import Pose
from posedeck.services.shape_alignment import Picture
from tests.support.people import SAMPLES, truth_pose


def slim() -> Picture:
    """The slim sample man, 768 x 1024."""
    return load_image((SAMPLES / "body_slim.jpg").read_bytes())


def heavy() -> Picture:
    """The same man, pose, camera and light, 24 kg heavier."""
    return load_image((SAMPLES / "body_heavy.jpg").read_bytes())


def slim_pose() -> Pose:
    """His true joints, with eyes and mouth where the rendering has them (read off the picture)."""
    face = {
        "left_eye_outer": (405.0, 155.0),
        "right_eye_outer": (362.0, 155.0),
        "mouth_left": (394.0, 197.0),
        "mouth_right": (372.0, 197.0),
    }
    return truth_pose("body_slim").with_points(face)


def recompressed(picture: Picture, quality: int) -> Picture:
    """As a JPEG of that quality gives it back."""
    return load_image(encoded(picture, "JPEG", quality=quality))


def encoded(picture: Picture, kind: str = "PNG", **options: int) -> bytes:
    """The bytes of a picture file."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, kind, **options)
    return buffer.getvalue()


def scaled(picture: Picture, width: int, height: int) -> Picture:
    """At another size, averaged."""
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def single_layer(picture: Picture, amount: float) -> Picture:
    """Everything around the trunk stretched, background included, as simple slimming apps do it.

    Args:
        picture: The slim man.
        amount: Share by which widths grow at his waist; negative for slimmer.
    """
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    near = np.exp(-2 * (((x - 384) / 300) ** 2 + ((y - 480) / 300) ** 2))
    return np.asarray(
        cv2.remap(picture, (x - amount * (x - 384) * near).astype(np.float32), y, cv2.INTER_CUBIC), dtype=np.uint8
    )


def wavy_wall(picture: Picture, pixels: float) -> Picture:
    """Lines left of the person bent by so many pixels, the person as he was."""
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    bent = x + pixels * np.sin(y / 60) * (x < 180)
    return np.asarray(cv2.remap(picture, bent.astype(np.float32), y, cv2.INTER_CUBIC), dtype=np.uint8)
