"""Results of a future shape without any server: the slim sample man and his heavier render as the answer."""

from datetime import UTC, datetime
from functools import cache
from typing import Literal

from posedeck.contracts.remo.future_shape import Direction, Gender, parse_answer
from posedeck.net.exchange import Exchange, Timings
from posedeck.services.future_shape import ShapeResult, ShapeWish, measured
from posedeck.services.photos import prepare_photo
from posedeck.services.shape_alignment import align
from posedeck.services.sources import Source
from tests.support.answers import future_shape_answer
from tests.support.people import SAMPLES
from tests.support.shapes import encoded, heavy, slim, slim_pose

_RATIOS = {Direction.BEST: 0.85, Direction.WORST: 1.25}


@cache
def shape_result(direction: Direction = Direction.BEST, after: Literal["heavy", "photo"] = "heavy") -> ShapeResult:
    """A local answer; whichever direction, the picture is the heavier render or the photo itself."""
    picture = heavy() if after == "heavy" else slim()
    body = future_shape_answer(encoded(picture), ratio=_RATIOS[direction])
    answer = parse_answer(body)
    aligned = align(slim(), picture)
    return ShapeResult(
        wish=ShapeWish(direction, Gender.MALE, _RATIOS[direction]),
        source=Source.LOCAL,
        base_url="http://127.0.0.1:8600",
        answered_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        photo=prepare_photo((SAMPLES / "body_slim.jpg").read_bytes()),
        after=picture,
        aligned=aligned,
        ratio=answer.ratio,
        widths=answer.widths,
        warnings=answer.warnings,
        engine_integrity=answer.integrity,
        method=answer.method,
        check=measured(aligned, picture, slim_pose(), slim_pose()),
        credit=answer.credit,
        credit_change=answer.credit_change,
        body=body,
        exchange=Exchange(
            status=200,
            headers={},
            body=b"{}",
            started_at=0.0,
            timings=Timings(send_s=0.004, wait_s=1.41, receive_s=0.002),
            attempts=1,
            bytes_sent=140_000,
            bytes_received=2_400_000,
        ),
    )
