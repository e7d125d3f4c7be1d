"""What is asked for: whose averages, and for our engine how strong the change is."""

from collections.abc import Callable, Mapping

import streamlit as st

from posedeck.contracts.remo.future_shape import DEFAULT_RATIO, MAX_RATIO, MIN_RATIO, Direction, Gender
from posedeck.services.future_shape import ShapeWish
from posedeck.services.shape_wording import percent_change
from posedeck.services.sources import Source
from posedeck.texts import Texts

GENDER = "future_shape_gender"
#: The least change in percent that is worth a picture.
_LEAST = 5
_RANGES = {
    Direction.BEST: (round(100 * (MIN_RATIO - 1)), -_LEAST),
    Direction.WORST: (_LEAST, round(100 * (MAX_RATIO - 1))),
}


def strength_key(direction: Direction) -> str:
    """Session key of a direction's strength in percent."""
    return f"future_shape_strength_{direction.value}"


def shape_settings(
    t: Texts, *, source: Source, on_strength: Callable[[Direction], None]
) -> Mapping[Direction, ShapeWish]:
    """Let the user choose, and return what is asked for in each direction.

    Args:
        t: Texts of the session.
        source: Who answers: only our engine takes a strength.
        on_strength: Called when a direction's strength was changed.
    """
    with st.container(border=True, key="future_shape_settings", height="stretch"):
        st.markdown(f"**{t('future_shape.settings')}**")
        gender = st.segmented_control(
            t("future_shape.gender"),
            [gender.value for gender in Gender],
            format_func=lambda value: t(f"future_shape.gender.{value}"),
            default=Gender.MALE.value,
            required=True,
            key=GENDER,
            help=t("future_shape.gender.help"),
            persist_state="session",
        )
        if source is Source.LOCAL:
            percents = {direction: _strength(direction, on_strength, t) for direction in Direction}
        else:
            st.caption(t(f"future_shape.strength.{'live' if source is Source.LIVE else 'recorded'}"))
            percents = {}
    return {
        direction: ShapeWish(
            direction, Gender(gender), 1 + percents[direction] / 100 if direction in percents else None
        )
        for direction in Direction
    }


def _strength(direction: Direction, on_strength: Callable[[Direction], None], t: Texts) -> int:
    low, high = _RANGES[direction]
    key = strength_key(direction)
    st.session_state.setdefault(key, round(100 * (DEFAULT_RATIO[direction.value] - 1)))
    return st.select_slider(
        t(f"future_shape.strength.{direction.value}"),
        range(low, high + 1),
        format_func=lambda percent: percent_change(1 + percent / 100),
        key=key,
        on_change=on_strength,
        args=(direction,),
        persist_state="session",
    )
