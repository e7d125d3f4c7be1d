"""The circuit breaker of one host."""

import pytest

from posedeck.net.breaker import FAILURES_TO_OPEN, OPEN_S, Breaker
from posedeck.net.errors import CircuitOpen
from tests.support.clocks import StillClock


def attempt(breaker: Breaker, healthy: bool | None) -> None:
    with breaker.admit() as admission:
        admission.healthy = healthy


def opened(clock: StillClock) -> Breaker:
    breaker = Breaker("remo", clock)
    for _ in range(FAILURES_TO_OPEN):
        attempt(breaker, healthy=False)
    return breaker


def test_five_failures_in_a_row_open_it() -> None:
    """The next call is refused at once and told how long to wait."""
    clock = StillClock()
    breaker = opened(clock)
    clock.advance(10.0)

    with pytest.raises(CircuitOpen) as refused, breaker.admit():
        pass
    assert refused.value.retry_after_s == OPEN_S - 10.0


def test_a_success_between_failures_keeps_it_closed() -> None:
    """Only failures in a row count."""
    breaker = Breaker("remo", StillClock())
    for _ in range(3):
        for _ in range(FAILURES_TO_OPEN - 1):
            attempt(breaker, healthy=False)
        attempt(breaker, healthy=True)

    assert not breaker.is_open


def test_what_tells_nothing_counts_neither_way() -> None:
    """A try without a verdict neither adds to the failures nor clears them."""
    breaker = Breaker("remo", StillClock())
    for _ in range(FAILURES_TO_OPEN - 1):
        attempt(breaker, healthy=False)
        attempt(breaker, healthy=None)
    assert not breaker.is_open

    attempt(breaker, healthy=False)
    assert breaker.is_open


def test_after_the_pause_one_probe_at_a_time() -> None:
    """While the probe is under way everybody else is still refused."""
    clock = StillClock()
    breaker = opened(clock)
    clock.advance(OPEN_S)

    with breaker.admit() as probe:
        assert probe.is_probe
        with pytest.raises(CircuitOpen), breaker.admit():
            pass


def test_a_good_probe_closes_it() -> None:
    """After it calls pass again, and the failures are counted from zero."""
    clock = StillClock()
    breaker = opened(clock)
    clock.advance(OPEN_S)
    attempt(breaker, healthy=True)

    attempt(breaker, healthy=False)
    assert not breaker.is_open


def test_a_bad_probe_opens_it_for_another_pause() -> None:
    """One failure of the probe is enough."""
    clock = StillClock()
    breaker = opened(clock)
    clock.advance(OPEN_S)
    attempt(breaker, healthy=False)
    clock.advance(OPEN_S - 1.0)

    with pytest.raises(CircuitOpen) as refused, breaker.admit():
        pass
    assert refused.value.retry_after_s == 1.0


def test_a_probe_that_is_broken_off_makes_room_for_another() -> None:
    """An exception of ours within the probe does not lock the host out for ever."""
    clock = StillClock()
    breaker = opened(clock)
    clock.advance(OPEN_S)
    with pytest.raises(KeyboardInterrupt), breaker.admit():
        raise KeyboardInterrupt

    with breaker.admit() as probe:
        assert probe.is_probe


def test_stragglers_do_not_decide_for_the_probe() -> None:
    """A try that began before the circuit opened neither closes it nor prolongs the pause."""
    clock = StillClock()
    breaker = Breaker("remo", clock)
    with breaker.admit() as good_straggler, breaker.admit() as bad_straggler:
        for _ in range(FAILURES_TO_OPEN):
            attempt(breaker, healthy=False)
        good_straggler.healthy = True
        clock.advance(OPEN_S)
        bad_straggler.healthy = False

    assert breaker.is_open
    with breaker.admit() as probe:
        assert probe.is_probe
