"""One LiteRT model: an array in, named arrays out."""

from typing import TypeVar

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

Tensor = NDArray[np.float32]
Real = TypeVar("Real", np.float32, np.float64)


class Network:
    """A loaded model with one image input. Not safe between threads.

    Attributes:
        side: Side of the square input in pixels.
    """

    def __init__(self, model: bytes, threads: int) -> None:
        self._interpreter = Interpreter(model_content=model, num_threads=threads)
        self._interpreter.allocate_tensors()
        (entry,) = self._interpreter.get_input_details()
        self._input: int = entry["index"]
        self.side: int = int(entry["shape"][1])
        self._outputs: dict[str, int] = {
            output["name"]: output["index"] for output in self._interpreter.get_output_details()
        }

    def __call__(self, crop: NDArray[np.uint8], low: float, high: float) -> dict[str, Tensor]:
        """Run on an RGB crop (side, side, 3), its 0..255 scaled to low..high; outputs by name, without batch axis."""
        scaled = crop * np.float32((high - low) / 255.0) + np.float32(low)
        self._interpreter.set_tensor(self._input, scaled[None])
        self._interpreter.invoke()
        return {name: self._interpreter.get_tensor(index)[0] for name, index in self._outputs.items()}


def sigmoid(logits: NDArray[Real]) -> NDArray[Real]:
    """Logistic function; logits are clipped to ±80, short of overflow in 32 bits."""
    one = logits.dtype.type(1.0)
    probability: NDArray[Real] = one / (one + np.exp(-np.clip(logits, -80.0, 80.0)))
    return probability
