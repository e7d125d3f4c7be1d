"""Working ahead: an iterator that is drained by a thread of its own."""

import queue
import threading
from collections.abc import Generator, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def read_ahead(source: Iterable[Item], depth: int = 3) -> Generator[Item, None, None]:
    """The items of ``source``, up to ``depth`` of them made while the last one is still being used.

    Raises:
        What ``source`` raises, in its place among the items.
    """
    shelf: queue.Queue[Item | _End] = queue.Queue(depth)
    unwanted = threading.Event()

    def drain() -> None:
        error: Exception | None = None
        try:
            for item in source:
                shelf.put(item)
                if unwanted.is_set():
                    return
        except Exception as raised:  # noqa: BLE001 - handed to whoever reads
            error = raised
        shelf.put(_End(error))

    thread = threading.Thread(target=drain, name="read-ahead", daemon=True)
    thread.start()
    try:
        while not isinstance(item := shelf.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        unwanted.set()
        while thread.is_alive():  # it may be waiting for room on the shelf
            try:
                shelf.get(timeout=0.01)
            except queue.Empty:
                continue


class _End:
    def __init__(self, error: Exception | None) -> None:
        self.error = error
