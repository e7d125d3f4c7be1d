"""Bodies shown in ``/openapi.json``; the values of the success are those of the vendor's own example."""

from posedeck import __version__
from posedeck.contracts import kakao, nhn, own, own_jobs
from posedeck.contracts.kakao import job as kakao_job
from posedeck.contracts.remo.errors import RemoCode, error_body
from posedeck.contracts.remo.future_shape import (
    BodyPart,
    FutureShapeError,
    FutureShapeRequest,
    FutureShapeSuccess,
    Refusal,
    RefusalReason,
    ShapeWarning,
    WireIntegrity,
    WireShapeMethod,
    WireWidth,
)
from posedeck.contracts.remo.skeleton import SkeletonRequest, WireMethod, WirePose
from posedeck.contracts.remo.soccer import ReadRequest, SoccerRequest, SubmitSuccess
from posedeck.contracts.remo.soccer_errors import SoccerCode, WireProgress, soccer_error_body
from posedeck.contracts.remo.success import SkeletonSuccess
from posedeck.pose.grades import REMO_2024
from posedeck.pose.posture import View

_PICTURE = "data:image/jpeg;base64,/9j/4AAQSkZJRg…"
_UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
_POSE = WirePose(names=["nose"], xy_px=[[433.125, 329.004]], score=[0.998], sigma_px=[0.412])

SKELETON_REQUEST = SkeletonRequest(
    **dict(zip(("Email", "UserKey", "APIKey"), own.DEMO_ACCOUNT, strict=True)),
    forigimg="/9j/4AAQSkZJRg…",
    sorigimg="/9j/4AAQSkZJRg…",
    uuid=_UUID,
)
SKELETON_SUCCESS = SkeletonSuccess(
    credit_change=-1,
    credit=99,
    uuid=_UUID,
    forigimg=_PICTURE,
    sorigimg=_PICTURE,
    far_coords="[[431,258],[432,403],…]",
    sar_coords="[[424,210],[418,365],…]",
    far_head_bal_m_=1.393,
    far_pelvic_bal_m_=1.153,
    far_shoulder_bal_m_=0.483,
    far_left_qang_m_=-2.529,
    far_right_qang_m_=-4.368,
    far_knee_bal_m_=0.57,
    far_tilt_m_=0.958,
    turtle_neck_m_=29.711,
    round_shoulder_m_=2.698,
    sar_tilt_m_=-1.681,
    sar_head_tilt_m_=-1.478,
    far_head_bal_grade=1,
    far_knee_bal_grade=0,
    far_left_qang_grade=0,
    far_pelvic_bal_grade=1,
    far_right_qang_grade=0,
    far_shoulder_bal_grade=0,
    far_tilt_grade=0,
    round_shoulder_grade=0,
    sar_head_tilt_grade=-1,
    sar_tilt_grade=-1,
    turtle_neck_grade=0,
    x_raw={"head_tilt": 1.393, "shoulder_tilt": 0.483},
    x_pose={View.FRONT: _POSE, View.SIDE: _POSE},
    x_method=WireMethod(
        engine=f"posedeck {__version__}",
        models=["pose_detection", "pose_landmark_full", "face_detection_short_range", "face_landmark"],
        passes=8,
        calibration=None,
        profile=REMO_2024,
        head_source={"front": "face", "side": "pose"},
    ),
)
FUTURE_SHAPE_REQUEST = FutureShapeRequest(
    Email=own.DEMO_ACCOUNT[0],
    UserKey=own.DEMO_ACCOUNT[1],
    APIKey=own.DEMO_ACCOUNT[2],
    image="/9j/4AAQSkZJRg…",
    direction="best",
    gender="female",
    x_ratio=0.85,
)
FUTURE_SHAPE_SUCCESS = FutureShapeSuccess(
    result_image="iVBORw0KGgo…",
    result_image_again="iVBORw0KGgo…",
    x_credit_change=-1,
    x_credit=99,
    x_ratio=0.85,
    x_widths={BodyPart.WAIST: WireWidth(0.902, 0.901), BodyPart.HIP: WireWidth(0.936, 0.935)},
    x_warnings=[ShapeWarning.ARMS_ON_BODY],
    x_integrity=WireIntegrity(
        background_mean_diff=0.0,
        background_max_diff=0.0,
        face_ssim=0.999,
        min_det_j=0.876,
        amplitude=1.0,
        bone_change=0.001,
    ),
    x_method=WireShapeMethod(
        engine=f"posedeck {__version__}",
        models=["pose_detection", "pose_landmark_full", "selfie_segmentation"],
        gender="female",
        view="front",
        marked=True,
    ),
)
FUTURE_SHAPE_REFUSAL = FutureShapeError(message=Refusal.WRONG_IMAGE, x_reason=RefusalReason.NO_PERSON, x_credit=100)
REMO_REFUSAL = error_body(RemoCode.WRONG_FACING_SIDE, 100)
REMO_STARTING = error_body(RemoCode.OTHER, None, "the models are not loaded yet, see /health")
HEALTH = own.Health(
    status="starting",
    models=own.ModelState(stage="downloading", done_bytes=12_000_000, total_bytes=35_627_340),
    version=__version__,
    queue=0,
)
PREVIEW = own.Preview(width=768, height=1024, faults=["not_a_pose"], pose=_POSE)
PEOPLE = own.People(width=768, height=1024, people=[_POSE])
REFILL = own.Refill(email=own.DEMO_ACCOUNT[0], credit=own.DEMO_CREDIT)

#: The person of Kakao's published example.
KAKAO_PEOPLE = [
    kakao.KakaoPerson(
        area=97263.1423,
        bbox=[87.5562, 56.48, 332.1375, 292.84],
        category_id=1,
        keypoints=[
            *(372.2656, 194.35, 0.0062, 356.6406, 192.05, 0.0025, 356.6406, 189.75, 0.0007, 356.6406, 189.75, 0.1364),
            *(354.2969, 195.1167, 0.0052, 358.2031, 148.35, 0.3711, 354.2969, 145.2833, 0.2546),
            *(391.0156, 241.8833, 0.7333, 366.7969, 221.95, 0.6397, 385.5469, 323.9167, 0.7512),
            *(368.3594, 289.4167, 0.7571, 226.1719, 80.8833, 0.4364, 224.6094, 80.8833, 0.4292),
            *(115.2344, 169.8167, 0.5838, 133.2031, 169.8167, 0.5349, 150.3906, 315.4833, 0.5465),
            *(166.7969, 284.8167, 0.5167),
        ],
        score=0.3936,
    )
]
KAKAO_URL = {kakao.URL_FIELD: "https://example.org/people.jpg"}
KAKAO_JOB = kakao_job.JobAccepted(_UUID)
KAKAO_VIDEO_URL = {kakao_job.URL_FIELD: "https://example.org/kick.mp4"}
KAKAO_PENDING = kakao_job.JobPending(_UUID, "processing")
KAKAO_REFUSAL = kakao.error_of(kakao.KakaoCode.BAD_PARAMETER, "file or image_url is required")
KAKAO_UNAUTHORISED = kakao.error_of(kakao.KakaoCode.UNAUTHORISED)
KAKAO_FULL = kakao.error_of(kakao.KakaoCode.QUOTA_EXCEEDED, "the queue is full")
KAKAO_FAILED = kakao.error_of(kakao.KakaoCode.INTERNAL, "the engine failed on this picture")
KAKAO_STARTING = kakao.error_of(kakao.KakaoCode.INTERNAL, "the models are not loaded yet, see /health")
#: The first two points of NHN's published example.
NHN_SUCCESS = nhn.NhnBody(
    nhn.NhnHeader(is_successful=True, result_code=0, result_message="SUCCESS"),
    nhn.NhnResult(
        file_type="png",
        number_of_person=1,
        key_point_list=[
            nhn.NhnPerson(
                "0",
                [
                    nhn.NhnKeypoint("nose", "body", 367.151489, 79.552887, 0.976),
                    nhn.NhnKeypoint("left_eye", "body", 373.819214, 73.5605469, 0.985),
                ],
            )
        ],
    ),
)


def nhn_refusal(code: nhn.NhnCode) -> nhn.NhnBody:
    """The refusal with this code."""
    return nhn.NhnBody(nhn.refusal_header(code))


SOCCER_REQUEST = SoccerRequest(
    **dict(zip(("Email", "UserKey", "APIKey"), own.DEMO_ACCOUNT, strict=True)),
    base64_video="AAAAIGZ0eXBpc29t…",
    height="170",
    uuid=_UUID,
)
SOCCER_SUBMITTED = SubmitSuccess(wait_time=11, file_exist=False, uuid=_UUID, x_balance=96, x_job=_UUID)
SOCCER_READ = ReadRequest(id=own.DEMO_ACCOUNT[0], uuid=_UUID)
SOCCER_REFUSAL = soccer_error_body(
    SoccerCode.STILL_RUNNING,
    job=WireProgress(id=_UUID, state="processing", stage="track", frames_done=12, frames_total=63),
)
SOCCER_FULL = soccer_error_body(SoccerCode.OTHER, credit=100, detail="the queue is full")
JOB = own_jobs.JobView(
    id=_UUID,
    kind="keypoint-batch",
    client_uuid=None,
    state="processing",
    stage="people",
    frames_done=48,
    frames_total=200,
    ahead=None,
    ready_in_s=61.5,
    created_at=1_795_600_000.0,
    started_at=1_795_600_002.5,
    ended_at=None,
    expires_at=None,
    error_code=None,
    error_text=None,
    cost=0,
    refunded=False,
    files={own_jobs.INPUT_NAME: "/x/media/WyIwZjhmYWQ1YiIsImlucHV0Il0.3q2-7w"},
)
JOB_REQUEST = own_jobs.JobRequest("keypoint-batch", {"left": "kakao", "right": "nhn"}, upload=_UUID)
UPLOADED = own_jobs.Uploaded(_UUID, 12_345_678)
