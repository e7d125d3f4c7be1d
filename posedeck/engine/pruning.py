"""Cutting a TensorFlow Lite model down to the outputs that are wanted.

LiteRT always computes all outputs; BlazePose's person mask alone is a third of its landmark model's time.
"""

from collections.abc import Collection

import flatbuffers  # type: ignore[import-untyped]
import numpy as np
from ai_edge_litert import schema_py_generated as schema

FILE_IDENTIFIER = b"TFL3"


def keep_outputs(model: bytes, names: Collection[str]) -> bytes:
    """The model with only the named outputs and the operators that they need.

    Raises:
        ValueError: when the model has no such output.
    """
    parsed = schema.ModelT.InitFromPackedBuf(model, 0)
    (graph,) = parsed.subgraphs
    by_name = {graph.tensors[index].name.decode(): index for index in graph.outputs}
    unknown = set(names) - set(by_name)
    if unknown:
        raise ValueError(f"the model has no outputs {sorted(unknown)}")
    outputs = [index for name, index in by_name.items() if name in names]
    graph.operators = _needed(graph.operators, outputs)
    graph.outputs = np.array(outputs, np.int32)
    builder = flatbuffers.Builder(len(model))
    builder.Finish(parsed.Pack(builder), FILE_IDENTIFIER)
    return bytes(builder.Output())


def _needed(operators: list[schema.OperatorT], outputs: list[int]) -> list[schema.OperatorT]:
    # Operators are stored in the order they run, so one walk from the end finds all that lead to an output.
    wanted = set(outputs)
    kept = []
    for operator in reversed(operators):
        if wanted.intersection(operator.outputs):
            wanted.update(operator.inputs)
            kept.append(operator)
    return kept[::-1]
