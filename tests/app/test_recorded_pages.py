"""Recorded answers as the source of the pages of future shapes and kicks: from a cassette and from the runs."""

import pytest
from streamlit.testing.v1 import AppTest

from components import kick_job
from components.runs import recorder, run_store
from posedeck.clients.own import OwnClient
from posedeck.net.cassette import read_cassette
from posedeck.services.future_shape_runs import save_shapes
from posedeck.services.replay import cassette_of
from posedeck.services.sources import Source, origin_of
from posedeck.texts import load_texts
from tests.app.test_future_shape_page import Service, asked, live, opened
from tests.app.test_reopening import forbid_calls
from tests.app.test_soccer_page import page
from tests.support.soccer_vendor import kicked

__all__ = ["live"]
SHAPES = "future_shape_results"
T = load_texts("en")


def played_shapes() -> AppTest:
    at = opened(source="recorded")
    return at.button(key="use_sample").click().run()


def test_unsaved_shapes_cannot_be_played_and_the_page_says_why(live: Service) -> None:
    """Only metadata is kept until somebody saves; then both directions are played, and nobody is asked."""
    run_store().erase_all()
    first = asked().session_state[SHAPES]
    at = played_shapes()
    assert [element.value for element in at.error] == [T("error.not_saved")]

    save_shapes(recorder(), list(first.values()))
    calls = len(live.asked)
    results = played_shapes().session_state[SHAPES]
    assert {direction: result.body for direction, result in results.items()} == {
        direction: result.body for direction, result in first.items()
    }
    for result in results.values():
        origin = origin_of(result.exchange)
        assert result.source is Source.RECORDED
        assert origin is not None
        assert origin.source == "live"
    assert len(live.asked) == calls

    data = cassette_of(run_store(), [result.run_id for result in first.values()])
    run_store().erase_all()
    at = opened(source="recorded", cassette_exchanges=read_cassette(data))
    at.button(key="use_sample").click().run()
    assert not at.error
    assert set(at.session_state[SHAPES]) == set(first)


@pytest.mark.parametrize("from_file", [True, False])
def test_a_recorded_kick_is_shown_as_recorded(
    server: OwnClient, monkeypatch: pytest.MonkeyPatch, from_file: bool
) -> None:
    """For the clip at hand, or chosen from what is recorded, with the drawn clip; no call is made."""
    first = kicked(recorder())
    state = {}
    if from_file:
        state["cassette_exchanges"] = read_cassette(cassette_of(run_store(), [first.run_id or ""]))
    forbid_calls(monkeypatch)
    at = page(source="recorded", **state)
    at.button(key="kick_play").click().run() if from_file else by_clip(at)
    assert not at.exception
    assert not at.error
    result = at.session_state[kick_job.RESULT]
    assert (result.source, result.metrics) == (Source.RECORDED, first.metrics)
    assert any("Recorded answer · from live" in element.value for element in at.markdown)
    assert any("frame_viewer" in node.proto.component_name for node in at.get("bidi_component"))


def by_clip(at: AppTest) -> None:
    at.button(key="use_sample").click().run()
    at.button(key="kick_submit").click().run()


def test_without_a_recorded_kick_the_page_says_how_to_get_one(server: OwnClient) -> None:
    run_store().erase_all()
    at = page(source="recorded")
    assert any(T("soccer.play.none") == element.value for element in at.info)
    by_clip(at)
    assert any("Nothing was recorded" in element.value for element in at.error)
