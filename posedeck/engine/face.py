"""The face model: where eyes, ears, nose and mouth of one head are.

BlazePose's own eyes and ears hardly follow a tilted head; the face mesh does.
"""

import numpy as np

from posedeck.engine.crops import FloatArray, Picture, Roi
from posedeck.engine.detector import Detection, Detector
from posedeck.engine.network import Network, sigmoid
from posedeck.pose.skeleton import BLAZEPOSE_33

# BlazePose's eleven head points by vertices of the 468-point face mesh (a point is the mean of its vertices). An eye is
# the mean of its corners and lids; an ear is the contour vertex nearest the tragus, as the mesh has no ears.
HEAD_VERTICES: dict[str, tuple[int, ...]] = {
    "nose": (1,),
    "left_eye_inner": (362,),
    "left_eye": (263, 362, 386, 374),
    "left_eye_outer": (263,),
    "right_eye_inner": (133,),
    "right_eye": (33, 133, 159, 145),
    "right_eye_outer": (33,),
    "left_ear": (454,),
    "right_ear": (234,),
    "mouth_left": (291,),
    "mouth_right": (61,),
}
HEAD = BLAZEPOSE_33.indices(tuple(HEAD_VERTICES))
_MIRROR = BLAZEPOSE_33.mirror_order[HEAD]
_NOSE, _LEFT_EYE, _RIGHT_EYE, _LEFT_EAR, _RIGHT_EAR = BLAZEPOSE_33.indices(
    ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
)

ROI_SCALE = 1.5  # face_detection_front_detection_to_roi.pbtxt, face_landmark_landmarks_to_roi.pbtxt
MIN_PRESENCE = 0.5

# The mesh turns with the region it is given, and the region is taken from the mesh: repeated, the two settle. Every
# other pass is mirrored. On 36 rendered people the error of the eye line fell from 1.1° (one pass) to 0.65° (four).
SETTLING_PASSES = 4

# A face found in the head crop belongs to somebody else when it lies further than this many face widths from the head.
MAX_DISTANCE = 0.5

# Turned away, the mesh invents the hidden half. Its nose then leaves the middle between its ears: 0.5 is straight on;
# outside of these limits (about 40° of yaw) the face is not believed.
NOSE_BETWEEN_EARS = (0.2, 0.8)


class FaceModel:
    """The loaded face detector and face mesh."""

    def __init__(self, detector: Detector, network: Network) -> None:
        self._detector = detector
        self._network = network

    def locate(self, picture: Picture, body_xy: FloatArray, turn: float) -> Roi | None:
        """The region of the face of the person with these BlazePose points (33, 2); None when it cannot be trusted."""
        head = body_xy[HEAD].mean(axis=0)
        window = Roi(head, _head_size(body_xy), turn)
        faces = [face for face in self._detector(picture, window) if _distance(face, head) < MAX_DISTANCE]
        if not faces:
            return None
        roi = _face_roi(min(faces, key=lambda face: _distance(face, head)))
        for _ in range(SETTLING_PASSES):
            mesh, presence = self._mesh(picture, roi)
            if presence < MIN_PRESENCE:
                return None
            points = _head_points(mesh, roi.mirrored)
            settled = _mesh_roi(mesh, points)
            roi = settled if roi.mirrored else settled.mirror()
        return roi if _faces_camera(points) else None

    def head_points(self, picture: Picture, roi: Roi) -> FloatArray:
        """BlazePose's eleven head points (11, 2) in picture pixels; a mirrored region's are turned back."""
        mesh, _ = self._mesh(picture, roi)
        return _head_points(mesh, roi.mirrored)

    def _mesh(self, picture: Picture, roi: Roi) -> tuple[FloatArray, float]:
        side = self._network.side
        output = self._network(picture.crop(roi, side), 0.0, 1.0)
        vertices = output["conv2d_21"].reshape(-1, 3)[:, :2].astype(np.float64)
        return roi.to_picture(vertices, side), float(sigmoid(output["conv2d_31"]).item())


def _head_size(body_xy: FloatArray) -> float:
    # A head with room around it, from the front and from the side, where the shoulders lie upon each other.
    shoulders = body_xy[BLAZEPOSE_33.indices(("left_shoulder", "right_shoulder"))]
    hips = body_xy[BLAZEPOSE_33.indices(("left_hip", "right_hip"))]
    width = np.hypot(*(shoulders[0] - shoulders[1]))
    trunk = np.hypot(*(shoulders.mean(axis=0) - hips.mean(axis=0)))
    return float(max(width, 0.6 * trunk, 1.0))


def _distance(face: Detection, head: FloatArray) -> float:
    return float(np.hypot(*(face.centre - head)) / face.size)


def _face_roi(face: Detection) -> Roi:
    right_eye, left_eye = face.points[0], face.points[1]
    return Roi(face.centre, ROI_SCALE * face.size, _turn(right_eye, left_eye))


def _mesh_roi(mesh: FloatArray, points: FloatArray) -> Roi:
    turn = _turn(points[_RIGHT_EYE], points[_LEFT_EYE])
    cosine, sine = np.cos(turn), np.sin(turn)
    to_level = np.array([[cosine, sine], [-sine, cosine]])
    level = mesh @ to_level.T
    low, high = level.min(axis=0), level.max(axis=0)
    return Roi((low + high) / 2.0 @ to_level, ROI_SCALE * float((high - low).max()), turn)


def _turn(right: FloatArray, left: FloatArray) -> float:
    along = left - right
    return float(np.arctan2(along[1], along[0]))


def _head_points(mesh: FloatArray, mirrored: bool) -> FloatArray:
    points = np.array([mesh[list(vertices)].mean(axis=0) for vertices in HEAD_VERTICES.values()])
    return points[_MIRROR] if mirrored else points


def _faces_camera(points: FloatArray) -> bool:
    across = points[_LEFT_EAR] - points[_RIGHT_EAR]
    share = (points[_NOSE] - points[_RIGHT_EAR]) @ across / max(float(across @ across), 1e-9)
    low, high = NOSE_BETWEEN_EARS
    return bool(low <= share <= high)
