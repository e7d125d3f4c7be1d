"""MediaPipe's PoseLandmarker over the very two models that PoseDeck runs: the peer of the benchmarks and parity tests.

Needs the environment of ``benchmarks/requirements.txt``. As a command it records landmarks as a JSON fixture:

    python -m benchmarks.mediapipe_peer MODEL_DIR PICTURE... > tests/data/mediapipe_landmarks.json
"""

import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import cv2
import flatbuffers
import mediapipe
import numpy as np
from ai_edge_litert import schema_py_generated as model_schema
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.python import BaseOptions, vision

# What the published graphs feed the two models: detector -1..1, landmarks 0..1 (as mean and deviation of 0..255).
BUNDLE = {
    "pose_detector.tflite": ("pose_detection.tflite", 127.5, 127.5),
    "pose_landmarks_detector.tflite": ("pose_landmark_full.tflite", 0.0, 255.0),
}


def with_normalisation(model: bytes, mean: float, deviation: float) -> bytes:
    """The model with the input-range metadata that the task API insists on and the wheel's models lack."""
    parsed = model_schema.ModelT.InitFromPackedBuf(model, 0)
    buffer = model_schema.BufferT()
    buffer.data = np.frombuffer(_image_metadata(mean, deviation), np.uint8)
    entry = model_schema.MetadataT()
    entry.name, entry.buffer = "TFLITE_METADATA", len(parsed.buffers)
    parsed.buffers.append(buffer)
    parsed.metadata = [*(parsed.metadata or []), entry]
    builder = flatbuffers.Builder(len(model))
    builder.Finish(parsed.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _image_metadata(mean: float, deviation: float) -> bytes:
    options = metadata_schema.NormalizationOptionsT()
    options.mean, options.std = [mean], [deviation]
    unit = metadata_schema.ProcessUnitT()
    unit.optionsType, unit.options = metadata_schema.ProcessUnitOptions.NormalizationOptions, options
    image = metadata_schema.ImagePropertiesT()
    image.colorSpace = metadata_schema.ColorSpaceType.RGB
    content = metadata_schema.ContentT()
    content.contentPropertiesType, content.contentProperties = metadata_schema.ContentProperties.ImageProperties, image
    tensor = metadata_schema.TensorMetadataT()
    tensor.name, tensor.content, tensor.processUnits = "image", content, [unit]
    graph = metadata_schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    root = metadata_schema.ModelMetadataT()
    root.name, root.subgraphMetadata = "pose", [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(root.Pack(builder), b"M001")
    return bytes(builder.Output())


def build_task(model_dir: Path, target: Path) -> Path:
    """Write the .task bundle (a zip of uncompressed members) made of our two models."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for member, (source, mean, deviation) in BUNDLE.items():
            bundle.writestr(member, with_normalisation((model_dir / source).read_bytes(), mean, deviation))
    return target


def pose_landmarker(model_dir: Path, num_poses: int = 1) -> Any:
    """A PoseLandmarker in IMAGE mode with its default thresholds."""
    with tempfile.TemporaryDirectory() as folder:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(build_task(model_dir, Path(folder) / "pose.task"))),
            running_mode=vision.RunningMode.IMAGE,
            num_poses=num_poses,
        )
        return vision.PoseLandmarker.create_from_options(options)


def detect(landmarker: Any, image: np.ndarray) -> list[dict[str, np.ndarray]]:
    """Everybody in an RGB image: ``xy_px`` (33, 2) pixels, ``score`` (33,) visibility, ``xyz_m`` (33, 3) metres."""
    height, width = image.shape[:2]
    result = landmarker.detect(mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=image))
    return [
        {
            "xy_px": np.array([(point.x * width, point.y * height) for point in points]),
            "score": np.array([point.visibility for point in points]),
            "xyz_m": np.array([(point.x, point.y, point.z) for point in world]),
        }
        for points, world in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
    ]


def record(model_dir: Path, pictures: list[Path]) -> dict[str, Any]:
    """Landmarks of the best person of each picture, with how they were made."""
    landmarker = pose_landmarker(model_dir)
    people: dict[str, Any] = {}
    for picture in pictures:
        image = cv2.cvtColor(cv2.imread(str(picture)), cv2.COLOR_BGR2RGB)
        person = detect(landmarker, image)[0]
        people[picture.name] = {name: np.round(values, 4).tolist() for name, values in person.items()}
    return {
        "comment": f"mediapipe {mediapipe.__version__} PoseLandmarker, IMAGE mode, default thresholds, "
        "over pose_detection.tflite and pose_landmark_full.tflite; "
        "made by: python -m benchmarks.mediapipe_peer MODEL_DIR assets/samples/*.jpg",
        "pictures": people,
    }


if __name__ == "__main__":
    json.dump(record(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]), sys.stdout)
