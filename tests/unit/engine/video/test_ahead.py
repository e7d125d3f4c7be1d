import threading
from collections.abc import Iterator

import pytest

from posedeck.engine.video.ahead import read_ahead


def test_items_keep_their_order() -> None:
    assert list(read_ahead(iter(range(50)))) == list(range(50))


def test_an_error_comes_in_its_place() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise KeyError("broken")

    ahead = read_ahead(source())
    assert next(ahead) == 1
    with pytest.raises(KeyError, match="broken"):
        next(ahead)


def test_no_more_is_made_than_the_depth_allows() -> None:
    made = []

    def source() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    ahead = read_ahead(source(), depth=2)
    assert [next(ahead) for _ in range(3)] == [0, 1, 2]
    assert len(made) <= 3 + 2 + 1  # used, on the shelf, in the hand
    ahead.close()


def test_leaving_early_ends_the_thread() -> None:
    before = threading.active_count()
    ahead = read_ahead(iter(range(10_000)))
    next(ahead)
    ahead.close()

    assert threading.active_count() == before
