import numpy as np
import pytest

from posedeck.pose.kick.alignment import align_at_impact
from posedeck.pose.kick.analysis import KickAnalysis, analyse
from posedeck.pose.kick.references import references
from posedeck.texts import load_texts
from tests.support.kick import SIZE_PX, ball_at, track_at, true_kick


def kick(times: np.ndarray) -> KickAnalysis:
    return analyse(track_at(times), ball_at(times), None, SIZE_PX)


def test_a_kick_seen_at_two_frame_rates_lies_on_itself() -> None:
    """The same motion, started late and filmed faster: aligned at contact, its curves meet."""
    slow, fast = kick(true_kick().times_s), kick(np.arange(0.2, 2.0, 1 / 120))

    pair = align_at_impact(slow, fast)

    assert np.isclose(pair.times_s, 0.0).any()
    for name in slow.angles_deg:
        assert np.nanmedian(np.abs(pair.first_deg[name] - pair.second_deg[name])) < 1.0
    contact = int(np.argmin(np.abs(pair.times_s)))
    assert slow.times_s[pair.first_frames[contact]] == pytest.approx(0.97, abs=1 / 30)
    assert fast.times_s[pair.second_frames[contact]] == pytest.approx(0.97, abs=1 / 120)


def test_every_reference_says_who_was_measured_and_where() -> None:
    assert len({reference.key for reference in references()}) == len(references()) >= 5
    for reference in references():
        assert reference.population
        assert reference.source
        assert reference.url.startswith("http")


def test_the_page_says_of_a_reference_what_the_export_says() -> None:
    """The English of the catalogue is that of the file, which goes into exports as it is."""
    t = load_texts("en")
    for reference in references():
        for part in ("note", "population", "method"):
            assert t(f"kick.reference.{reference.key}.{part}") == getattr(reference, part)
