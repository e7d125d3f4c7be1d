"""The future shape page, run as a script against a scripted service on the loopback address."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import sources
from posedeck.clients.own import OwnClient
from posedeck.contracts.remo.errors import RemoCode
from posedeck.contracts.remo.future_shape import Direction
from posedeck.services.sources import Source
from tests.support.answers import future_shape_answer
from tests.support.shape_results import shape_result
from tests.support.shapes import encoded, heavy, slim

APP = str(Path(__file__).resolve().parents[2] / "app.py")
LIVE = {"source": "live", "remo_email": "a@b.example", "remo_user_key": "u-1234567", "remo_api_key": "a-7654321"}


class Service:
    """A vendor of the future shape: how it answers each direction, and what it was asked."""

    def __init__(self) -> None:
        body = future_shape_answer(encoded(heavy()))
        self.bare = {name: body[name] for name in ("state", "result_image")}
        self.answers: dict[str, tuple[int, Any]] = dict.fromkeys(Direction, (200, self.bare))
        self.asked: list[dict[str, Any]] = []


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """Base URL of the vendor, for as long as the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            ask = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.asked.append(ask)
            status, body = service.answers[ask["requestMessage"]]
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=web.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}"
    finally:
        web.shutdown()
        thread.join()
        web.server_close()


@pytest.fixture
def live(server: OwnClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The live source is a vendor of ours; previews go to the real pose server."""
    service = Service()
    with serving(service) as url:
        monkeypatch.setattr(sources, "LIVE_BASE_URL", url)
        yield service


def opened(**state: object) -> AppTest:
    """The app on the future shape page."""
    at = AppTest.from_file(APP, default_timeout=60)
    for key, value in state.items():
        at.session_state[key] = value
    return at.run().switch_page("pages/future_shape.py").run()


def asked(**state: object) -> AppTest:
    """The page after the sample man's photo was sent to the vendor."""
    at = opened(**LIVE, **state)
    at.button(key="use_sample").click().run()
    return at.button(key="show_shapes").click().run()


def test_the_honest_lines_are_always_there(server: OwnClient) -> None:
    """Before anything is chosen the page says what it is, in both languages, and asks for consent."""
    for language, words in (("en", "not a forecast"), ("ko", "예측이 아닙니다")):
        at = opened(language=language)
        assert not at.exception
        assert any(words in element.value for element in at.markdown)
        assert any("handshake" in element.value for element in at.caption)
        assert at.button(key="show_shapes").disabled


def test_a_sample_never_spends_live_credits(live: Service) -> None:
    """With the live source the sample only fills the slot, and the page says that two calls cost."""
    at = opened(**LIVE)
    at.button(key="use_sample").click().run()
    assert live.asked == []
    assert "future_shape_results" not in at.session_state
    assert any("toll" in element.value for element in at.caption)


def test_both_directions_are_asked_at_once(live: Service) -> None:
    """Two calls without any field of ours; both answers are kept, measured by our engine, and shown as live."""
    at = asked()
    assert not at.exception
    assert not at.error
    assert sorted(ask["requestMessage"] for ask in live.asked) == ["best", "worst"]
    assert not [name for ask in live.asked for name in ask if name.startswith("x_")]
    results = at.session_state["future_shape_results"]
    assert set(results) == set(Direction)
    assert all(result.source is Source.LIVE for result in results.values())
    assert all(result.integrity and not result.integrity.flags for result in results.values())


def test_the_heavier_picture_stays_folded(live: Service) -> None:
    """It is neither drawn nor offered for download until it is asked for; for a new call it folds again."""
    at = asked()
    names = {button.key for button in at.get("download_button")}
    assert "shape_export_png_best" in names
    assert "shape_export_png_worst" not in names
    assert len(at.get("image")) == 3  # the chosen photo, the slimmer picture, the original
    at.toggle(key="future_shape_heavier").set_value(True).run()
    assert "shape_export_png_worst" in {button.key for button in at.get("download_button")}
    assert len(at.get("image")) == 4
    at.button(key="show_shapes").click().run()
    assert not at.toggle(key="future_shape_heavier").value


def test_a_failing_direction_still_shows_the_other(live: Service) -> None:
    """The heavier picture is refused: a sentence names it, and the slimmer one is there."""
    live.answers["worst"] = (400, {"state": False, "message": "keypoint inference error"})
    at = asked()
    assert len(at.error) == 1
    assert any("heavier" in element.value for element in at.markdown)
    assert set(at.session_state["future_shape_results"]) == {Direction.BEST}
    assert "shape_export_png_best" in {button.key for button in at.get("download_button")}


def test_the_same_refusal_is_said_once(live: Service) -> None:
    """A wrong key fails both calls alike: one sentence, its code beside it, and the balance is kept."""
    refusal = {"state": False, "credit": 7, "message": "wrong APIKey", "status": int(RemoCode.WRONG_API_KEY)}
    live.answers = dict.fromkeys(Direction, (421, refusal))
    at = asked()
    assert len(at.error) == 1
    assert any("421" in element.value and "wrong APIKey" in element.value for element in at.text)
    assert at.session_state["credits"]["live"] == 7


def test_a_photo_that_comes_back_is_flagged_on_the_page(live: Service) -> None:
    """A vendor that returns the photo as its result is told on."""
    body = {**live.bare, "result_image": future_shape_answer(encoded(slim()))["result_image"]}
    live.answers = dict.fromkeys(Direction, (200, body))
    at = asked()
    assert any("nothing was changed" in element.value for element in at.error)


def test_a_vendor_takes_no_strength(live: Service) -> None:
    """The sliders are our engine's; with the vendor a sentence says so."""
    at = opened(**LIVE)
    assert not at.select_slider
    assert len(opened().select_slider) == 2


def test_a_rerun_asks_nobody(live: Service) -> None:
    """Neither a rerun nor a look at another page sends anything again."""
    at = asked()
    first = at.session_state["future_shape_results"][Direction.BEST]
    at.switch_page("pages/home.py").run().switch_page("pages/future_shape.py").run()
    assert len(live.asked) == 2
    assert at.session_state["future_shape_results"][Direction.BEST] is first


def test_the_widths_are_told_in_words(server: OwnClient) -> None:
    """The chart of our engine's answer has its values as alternative text."""
    results = {direction: shape_result(direction) for direction in Direction}
    at = opened(future_shape_results=results)
    (chart,) = at.get("plotly_chart")
    assert "Waist: −10 % intended, −9.8 % achieved" in chart.proto.alt
    assert "Heavier" not in chart.proto.alt


def test_our_engine_draws_the_sample(server: OwnClient) -> None:
    """One click on the sample gives both pictures by real inference, within what we hold the engine to."""
    at = opened()
    at.button(key="use_sample").click().run()
    assert not at.exception
    assert not at.error
    results = at.session_state["future_shape_results"]
    assert {direction: result.ratio for direction, result in results.items()} == {"best": 0.85, "worst": 1.25}
    for result in results.values():
        assert result.integrity is not None
        assert result.integrity.flags == ()
        assert result.engine_integrity is not None
        assert result.engine_integrity.background_max_diff == 0
    assert at.session_state["credits"]["local"] == min(result.credit for result in results.values())


def test_a_strength_draws_its_direction_anew(server: OwnClient) -> None:
    """Only the slider that was moved asks again; a strength of an unchosen photo asks nobody."""
    at = opened()
    at.select_slider(key="future_shape_strength_best").set_value(-10).run()
    assert "future_shape_results" not in at.session_state
    at.button(key="use_sample").click().run()
    first = dict(at.session_state["future_shape_results"])
    at.select_slider(key="future_shape_strength_best").set_value(-20).run()
    second = at.session_state["future_shape_results"]
    assert (first[Direction.BEST].ratio, second[Direction.BEST].ratio) == (0.9, 0.8)
    assert second[Direction.WORST] is first[Direction.WORST]


def test_a_saved_run_opens_again_in_another_browser(live: Service) -> None:
    """Saved by hand, linked by its address, opened without a call; what was not saved cannot be opened."""
    at = asked()
    best = at.session_state["future_shape_results"][Direction.BEST]
    at.button(key="future_shape_save").click().run()
    assert not at.error
    assert "future_shape_save" not in {button.key for button in at.button}
    calls = len(live.asked)
    other = AppTest.from_file(APP, default_timeout=60)
    other.query_params["run"] = best.run_id
    other.switch_page("pages/future_shape.py").run()
    assert not other.exception
    assert len(live.asked) == calls
    opened_again = other.session_state["future_shape_results"]
    assert set(opened_again) == set(Direction)
    assert opened_again[Direction.BEST].integrity == best.integrity
    assert not other.toggle(key="future_shape_heavier").value
