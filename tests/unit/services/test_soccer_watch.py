from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from posedeck.services.soccer_watch import POLL_S, Turn, Watch


def test_the_first_read_comes_after_the_announced_wait() -> None:
    watch = Watch(submitted_at=100.0, wait_s=11.0)
    assert watch.turn(110.9) is Turn.WAIT
    assert watch.next_in_s(101.0) == 10.0
    assert watch.turn(111.0) is Turn.ASK


def test_then_one_every_five_seconds() -> None:
    watch = Watch(submitted_at=100.0, wait_s=11.0, asked_at=111.0)
    assert watch.turn(115.9) is Turn.WAIT
    assert watch.turn(116.0) is Turn.ASK


def test_after_five_minutes_or_three_waits_it_is_not_ready_yet() -> None:
    assert Watch(0.0, 11.0, asked_at=298.0).turn(300.1) is Turn.REST
    assert Watch(0.0, 200.0, asked_at=598.0).turn(599.0) is Turn.WAIT
    assert Watch(0.0, 200.0, asked_at=598.0).turn(600.1) is Turn.REST


def test_who_comes_back_the_next_day_is_told_once() -> None:
    assert Watch(0.0, 11.0).turn(86_400.0) is Turn.ASK
    assert Watch(0.0, 11.0, asked_at=86_400.0).turn(86_401.0) is Turn.REST


@given(wait_s=st.floats(0, 1e4), steps=st.lists(st.floats(0.1, 30), max_size=200))
def test_reads_are_never_closer_than_five_seconds_and_never_before_two(wait_s: float, steps: list[float]) -> None:
    now, asked = 0.0, []
    watch = Watch(0.0, wait_s)
    for step in steps:
        now += step
        if watch.turn(now) is Turn.ASK:
            asked.append(now)
            watch = Watch(0.0, wait_s, now)
    assert all(later - earlier >= POLL_S for earlier, later in pairwise(asked))
    assert all(time >= 2.0 for time in asked)
