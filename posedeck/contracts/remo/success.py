"""The success body of ``POST /api/analysis-skeleton``, as our server writes it."""

import msgspec

from posedeck.contracts.remo.skeleton import API_NAME, WireMethod, WirePose
from posedeck.pose.posture import View


class SkeletonSuccess(msgspec.Struct, frozen=True, kw_only=True):
    """Success body, its keys in the order of the vendor's example; ours (``x_…``) follow.

    Values are degrees with three decimals. A value that the photo does not give is null, and so is its grade.
    """

    state: bool = True
    status_code: int = 200
    APIName: str = API_NAME
    credit_change: int
    credit: int
    uuid: str
    forigimg: str
    sorigimg: str
    far_coords: str
    sar_coords: str
    far_head_bal_m_: float | None
    far_pelvic_bal_m_: float | None
    far_shoulder_bal_m_: float | None
    far_left_qang_m_: float | None
    far_right_qang_m_: float | None
    far_knee_bal_m_: float | None
    far_tilt_m_: float | None
    turtle_neck_m_: float | None
    round_shoulder_m_: float | None
    sar_tilt_m_: float | None
    sar_head_tilt_m_: float | None
    far_head_bal_grade: int | None
    far_knee_bal_grade: int | None
    far_left_qang_grade: int | None
    far_pelvic_bal_grade: int | None
    far_right_qang_grade: int | None
    far_shoulder_bal_grade: int | None
    far_tilt_grade: int | None
    round_shoulder_grade: int | None
    sar_head_tilt_grade: int | None
    sar_tilt_grade: int | None
    turtle_neck_grade: int | None
    x_raw: dict[str, float | None]
    x_pose: dict[View, WirePose]
    x_method: WireMethod
