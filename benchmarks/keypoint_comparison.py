"""Comparing many pictures that were answered before: reading both answers, comparing, writing the table.

    python -m benchmarks.keypoint_comparison [--pictures 200]

Every picture has the three people of the sample group where they truly are, seen by two noisy sources: as JSON in
Kakao's and in NHN Cloud's format. Nothing is asked of anybody; the time is what the product spends besides the calls.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from posedeck.pose.grades import REMO_2024, load_profile
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17
from posedeck.services.keypoint_comparison import KeypointComparison
from posedeck.services.keypoint_export import export_csv
from posedeck.services.keypoint_wording import summary_text
from posedeck.services.keypoints import Vendor, read_recorded
from posedeck.services.photos import prepare_photo
from posedeck.texts import load_texts

SAMPLES = Path(__file__).resolve().parents[1] / "assets" / "samples"
#: Standard deviation of a keypoint in pixels; a torso of the sample has about 160.
NOISE_PX = 4.0


def people() -> list[Pose]:
    """The people of the sample group by their rendered joints."""
    truth = json.loads((SAMPLES / "group3.json").read_bytes())
    found = []
    for person in truth["people"]:
        joints = person["joints_2d"]
        places = [joints.get(name, [np.nan, np.nan]) for name in COCO_17.names]
        found.append(Pose(COCO_17, np.array(places, dtype=np.float64), np.full(len(COCO_17), 0.9)))
    return found


def kakao_body(poses: list[Pose]) -> bytes:
    """The poses as Kakao writes them."""
    return json.dumps(
        [
            {
                "area": 1.0,
                "bbox": [0, 0, 1, 1],
                "category_id": 1,
                "keypoints": np.column_stack([pose.xy_px, pose.score]).ravel().tolist(),
                "score": 0.9,
            }
            for pose in poses
        ]
    ).encode()


def nhn_body(poses: list[Pose]) -> bytes:
    """The poses as NHN Cloud writes them."""
    listed = [
        {
            "personId": number,
            "inferKeypointList": [
                {"name": name, "part": "body", "x": x, "y": y, "score": 0.9}
                for name, (x, y) in zip(COCO_17.names, pose.xy_px.tolist(), strict=True)
            ],
        }
        for number, pose in enumerate(poses, 1)
    ]
    result = {"fileType": "jpg", "numberOfPerson": len(poses), "keyPointList": listed}
    header = {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"}
    return json.dumps({"header": header, "result": result}).encode()


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=200)
    pictures = parser.parse_args().pictures
    rng = np.random.default_rng(0)
    truth = people()

    def seen() -> list[Pose]:
        return [pose.with_xy(pose.xy_px + rng.normal(0.0, NOISE_PX, pose.xy_px.shape)) for pose in truth]

    answers = [(kakao_body(seen()), nhn_body(seen())) for _ in range(pictures)]
    photo, profile, t = prepare_photo((SAMPLES / "group3.jpg").read_bytes()), load_profile(REMO_2024), load_texts("en")
    rows, pairs = 0, 0
    started = time.perf_counter()
    for kakao, nhn in answers:
        sides = read_recorded(Vendor.KAKAO, kakao, photo), read_recorded(Vendor.NHN, nhn, photo)
        comparison = KeypointComparison(*sides, profile)
        pairs += len([summary_text(pair, t) for pair in comparison.agreement.pairs])
        rows += export_csv(comparison).count(b"\n") - 1
    seconds = time.perf_counter() - started
    print(f"{pictures} pictures, {pairs} people in both, {rows} joints: {seconds:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
