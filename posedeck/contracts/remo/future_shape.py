"""``POST /api/analysis-future-shape``: one photo in, the same person slimmer or heavier out."""

from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from posedeck.contracts.images import decode_base64_image

PATH = "/api/analysis-future-shape"
#: Where the document's sample code posts to; the same request is answered there.
ALIAS_PATH = "/api/analysis-shape"
REQUIRED_FIELDS = ("Email", "UserKey", "APIKey", "base64Image", "requestMessage", "gender")
#: What one picture costs.
CREDITS = 1
#: The document's table names one, its example the other; both carry the same PNG.
IMAGES = ("result_image", "resultImage")
SUCCESS_MESSAGE = "success"

#: Weight ratios (target ÷ now, at one height) that the reshaping is measured for, and what is taken without any input.
MIN_RATIO, MAX_RATIO = 0.75, 1.40
DEFAULT_RATIO = {"best": 0.85, "worst": 1.25}


class Direction(StrEnum):
    """Which picture is wanted (``requestMessage``)."""

    BEST = "best"
    """Slimmer."""
    WORST = "worst"
    """Heavier."""


class Gender(StrEnum):
    """Whose width profiles are used (``gender``)."""

    MALE = "male"
    FEMALE = "female"


class BodyPart(StrEnum):
    """Places of the body whose width is compared before and after."""

    CHEST = "chest"
    WAIST = "waist"
    HIP = "hip"
    THIGH = "thigh"
    CALF = "calf"
    UPPER_ARM = "upper_arm"
    FOREARM = "forearm"


class ShapeWarning(StrEnum):
    """What a picture's viewer must know (``x_warnings``)."""

    SEVERAL_PEOPLE = "several_people"
    """Only the most prominent person was changed."""
    LEGS_CUT_OFF = "legs_cut_off"
    """Knees or feet are outside the picture: what is visible was changed."""
    HEAD_CUT_OFF = "head_cut_off"
    """The head is outside the picture; jaw and neck were left out."""
    SEATED = "seated"
    """The thighs are foreshortened, so the legs were left as they are."""
    SIDE_VIEW = "side_view"
    """The person does not face the camera; depths were used in place of breadths."""
    ARMS_ON_BODY = "arms_on_body"
    """Arms lie over the torso and are changed with it."""
    LOOSE_CLOTHING = "loose_clothing"
    """Widths include loose clothing."""
    MASK_UNCERTAIN = "mask_uncertain"
    """The person's outline is not sure: a bag, a pet, or a background of the same colour."""
    AMPLITUDE_REDUCED = "amplitude_reduced"
    """The change was made smaller, so that nothing folds; ``x_integrity.amplitude`` says to which share."""
    RATIO_LIMITED = "ratio_limited"
    """The wanted weight is beyond what is measured; the nearest ratio that is was taken."""
    BMI_FLOOR = "bmi_floor"
    """The wanted weight is below a BMI of 18.5: nothing so slim is drawn, the picture is unchanged."""


class Refusal(StrEnum):
    """Why a picture was refused: the message of the vendor's documented errors."""

    WRONG_IMAGE = "wrong image"
    INFERENCE_FAILED = "keypoint inference error"


class RefusalReason(StrEnum):
    """What exactly is wrong with the picture (``x_reason`` of an error)."""

    UNDECODABLE = "undecodable"
    NO_PERSON = "no_person"
    HIPS_HIDDEN = "hips_hidden"
    NOT_UPRIGHT = "not_upright"
    TOO_SMALL = "too_small"
    CROWDED = "crowded"
    """Several people that cannot be told apart."""
    MASK_UNRELIABLE = "mask_unreliable"


Ratio = Annotated[float, msgspec.Meta(ge=MIN_RATIO, le=MAX_RATIO)]
HeightCm = Annotated[float, msgspec.Meta(ge=80, le=250)]
WeightKg = Annotated[float, msgspec.Meta(ge=20, le=300)]


class FutureShapeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Body of the request. Fields default to empty so that a missing one can be told from a malformed body.

    Attributes:
        x_ratio: Ours: weight wanted ÷ weight now.
        x_height_cm, x_weight_kg, x_target_kg: Ours: the same from figures; all three or none, and not beside
            ``x_ratio``.
        x_mark: Ours: false leaves out the word "simulated" that is else drawn into the picture. Its metadata always
            say so. Use ``marked``.
    """

    Email: str = ""
    UserKey: str = ""
    APIKey: str = ""
    image: str = msgspec.field(default="", name="base64Image")
    direction: Literal["", "best", "worst"] = msgspec.field(default="", name="requestMessage")
    gender: Literal["", "male", "female"] = ""
    x_ratio: Ratio | UnsetType = UNSET
    x_height_cm: HeightCm | UnsetType = UNSET
    x_weight_kg: WeightKg | UnsetType = UNSET
    x_target_kg: WeightKg | UnsetType = UNSET
    x_mark: bool | UnsetType = UNSET

    def __post_init__(self) -> None:
        given = [value is not UNSET for value in (self.x_height_cm, self.x_weight_kg, self.x_target_kg)]
        if any(given) and not all(given):
            raise ValueError("x_height_cm, x_weight_kg and x_target_kg belong together")
        if any(given) and self.x_ratio is not UNSET:
            raise ValueError("either x_ratio or the three figures, not both")

    def __repr__(self) -> str:
        return f"FutureShapeRequest({self.direction!r}, {self.gender!r})"

    @property
    def marked(self) -> bool:
        """Whether "simulated" is drawn into the picture: unless the caller says no."""
        return self.x_mark is not False

    def missing(self) -> list[str]:
        """Names of required fields that are missing or empty."""
        values = (self.Email, self.UserKey, self.APIKey, self.image, self.direction, self.gender)
        return [name for name, value in zip(REQUIRED_FIELDS, values, strict=True) if not value.strip()]


class WireWidth(msgspec.Struct, frozen=True):
    """A width after ÷ before: what the profile asks for, and what the picture shows."""

    intended: float
    achieved: float


class WireIntegrity(msgspec.Struct, frozen=True, kw_only=True):
    """How little changed where nothing should (``x_integrity``).

    Attributes:
        background_mean_diff, background_max_diff: Grey levels 0..255, outside the dilated silhouettes before and after.
        face_ssim: Of eyes, nose and mouth, before and after; null when no face is in the picture.
        min_det_j: Smallest Jacobian determinant of the displacement within the body; at 0 the picture folds.
        amplitude: Share of the wanted change that was drawn, 1 unless it had to be reduced.
        bone_change: Mean relative change of the long bones' lengths by the displacement of their joints; null when it
            is not known.
    """

    background_mean_diff: float
    background_max_diff: float
    face_ssim: float | None
    min_det_j: float
    amplitude: float
    bone_change: float | None = None


class WireShapeMethod(msgspec.Struct, frozen=True, kw_only=True):
    """How our engine came to its picture (``x_method``).

    Attributes:
        view: ``front``, ``oblique`` or ``side``, from the pose.
        marked: Whether the word "simulated" is drawn into the picture.
    """

    engine: str
    models: list[str]
    gender: str
    view: str
    marked: bool


class FutureShapeSuccess(msgspec.Struct, frozen=True, kw_only=True):
    """Success body as our server writes it: the vendor's keys, then ours.

    Attributes:
        result_image, result_image_again: The same PNG under both names, base64 without a prefix, of the sent picture's
            upright size, its long side at most 2048 pixels.
        x_ratio: Weight wanted ÷ weight now, as it was drawn; 1 when the picture is unchanged.
        x_widths: Per ``BodyPart`` that is visible.
        x_warnings: Codes of ``ShapeWarning``.
    """

    state: bool = True
    message: str = SUCCESS_MESSAGE
    result_image: str
    result_image_again: str = msgspec.field(name="resultImage")
    x_credit_change: int
    x_credit: int
    x_ratio: float
    x_widths: dict[BodyPart, WireWidth]
    x_warnings: list[ShapeWarning]
    x_integrity: WireIntegrity
    x_method: WireShapeMethod


class FutureShapeError(msgspec.Struct, frozen=True, kw_only=True):
    """Body of the two documented refusals, sent with HTTP 400. Everything else is refused as in Remo's error table."""

    state: bool = False
    message: Refusal
    x_reason: RefusalReason | UnsetType = UNSET
    x_credit: int | UnsetType = UNSET


class FutureShapeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A parsed success.

    Attributes:
        image: The picture's bytes as sent; not yet known to be a whole picture.
        ratio, widths, warnings, integrity, method: Our server's own extras, else None or empty. Warnings are codes of
            ``ShapeWarning``; a newer server may know others.
        credit, credit_change: Balance after the call and its change; None when the answer does not say.
    """

    image: bytes
    ratio: float | None
    widths: dict[BodyPart, WireWidth]
    warnings: tuple[str, ...]
    integrity: WireIntegrity | None
    method: WireShapeMethod | None
    credit: int | None
    credit_change: int | None


class _Extras(msgspec.Struct, frozen=True):
    x_credit: int | None = None
    x_credit_change: int | None = None
    x_ratio: float | None = None
    x_widths: dict[str, WireWidth] = {}
    x_warnings: tuple[str, ...] = ()
    x_integrity: WireIntegrity | None = None
    x_method: WireShapeMethod | None = None


def parse_answer(body: dict[str, Any]) -> FutureShapeAnswer:
    """A success body as the vendor or our server sends it, under either name of the picture.

    Raises:
        ValueError: when it holds no picture or our extras are malformed.
    """
    try:
        extras = msgspec.convert({k: v for k, v in body.items() if k.startswith("x_")}, _Extras)
    except msgspec.ValidationError as error:
        raise ValueError(f"extra fields: {error}") from error
    return FutureShapeAnswer(
        image=_image(body),
        ratio=extras.x_ratio,
        widths={part: extras.x_widths[part] for part in BodyPart if part in extras.x_widths},
        warnings=extras.x_warnings,
        integrity=extras.x_integrity,
        method=extras.x_method,
        credit=_first(extras.x_credit, body.get("credit")),
        credit_change=_first(extras.x_credit_change, body.get("credit_change")),
    )


def refusal_reason(body: dict[str, Any]) -> Refusal | RefusalReason | None:
    """Why a picture was refused: our own reason where there is one, else the documented message; None for others."""
    for kind, name in ((RefusalReason, "x_reason"), (Refusal, "message")):
        value = body.get(name)
        if isinstance(value, str) and value in set(kind):
            return kind(value)
    return None


def _image(body: dict[str, Any]) -> bytes:
    reasons = []
    for name in IMAGES:
        text = body.get(name)
        if not isinstance(text, str) or not text:
            continue
        try:
            return decode_base64_image(text)
        except ValueError as error:
            reasons.append(f"{name} is {error}")
    raise ValueError("; ".join(reasons) or "the answer holds no picture")


def _first(*values: Any) -> int | None:
    return next((value for value in values if isinstance(value, int) and not isinstance(value, bool)), None)
