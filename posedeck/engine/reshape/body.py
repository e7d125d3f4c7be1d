"""The body in a picture, as field and render take it, and what is wrong with it."""

from dataclasses import dataclass
from enum import StrEnum

from posedeck.engine.reshape.rasters import Raster
from posedeck.pose.pose import Pose


class ReshapeFault(StrEnum):
    """Why a picture is not reshaped."""

    NO_PERSON = "no_person"
    #: Shoulders or hips are not seen: a portrait, somebody behind a table.
    HIPS_HIDDEN = "hips_hidden"
    #: Lying, bent over, upside down.
    NOT_UPRIGHT = "not_upright"
    TOO_SMALL = "too_small"
    #: Several people whose outlines cannot be told apart.
    CROWDED = "crowded"
    #: The models do not agree on the outline: a limb could tear.
    MASK_UNRELIABLE = "mask_unreliable"


class ReshapeWarning(StrEnum):
    """What makes a result less than it could be."""

    #: Only the most prominent one is changed.
    SEVERAL_PEOPLE = "several_people"
    LEGS_CUT_OFF = "legs_cut_off"
    #: The face takes no part.
    HEAD_CUT_OFF = "head_cut_off"
    #: A thigh points at the camera: the legs take no part.
    SEATED = "seated"
    SIDE_VIEW = "side_view"
    #: Arms over the torso change with it.
    ARMS_ON_BODY = "arms_on_body"
    MASK_UNCERTAIN = "mask_uncertain"
    #: Widths include it.
    LOOSE_CLOTHING = "loose_clothing"
    #: Less was drawn than was wanted, so that nothing folds.
    AMPLITUDE_REDUCED = "amplitude_reduced"


class ReshapeError(ValueError):
    """A picture that cannot be reshaped, by ``fault``."""

    def __init__(self, fault: ReshapeFault) -> None:
        super().__init__(fault)  # so that pickling rebuilds it
        self.fault = fault


@dataclass(frozen=True, eq=False)
class Body:
    """One body.

    Attributes:
        pose: The 33 BlazePose points in picture pixels, with world coordinates.
        mask: (h, w) of the whole picture, 0 (not the body) to 1.
        warnings: What was seen while it was analysed.
    """

    pose: Pose
    mask: Raster
    warnings: tuple[ReshapeWarning, ...] = ()
