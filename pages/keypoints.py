"""Keypoints: one picture, two answers in Kakao's or NHN's format, and where they disagree."""

import streamlit as st

from components.calls import is_pending, submit, take, take_each
from components.engine_state import engine_ready, watch_engine
from components.errors import show_error
from components.keypoints_exports import keypoint_exports
from components.keypoints_facts import side_facts
from components.keypoints_lab import perturbation_lab
from components.keypoints_link import PERSON, THRESHOLD, keep_link, restore_link
from components.keypoints_outcome import Outcomes, ask_local_instead, outcomes_of, show_failure
from components.keypoints_picture import SLOT, picture_slot, put_sample_group
from components.keypoints_reopening import group_of, reopen_comparison, run_of
from components.keypoints_sides import SIDES, Side, choose_side, side_key, side_title
from components.keypoints_view import keypoints_view, one_side_view
from components.language import texts
from components.profiles import choose_profile
from components.raw_answer import raw_answer
from components.runs import keep_address, run_link, run_problem
from components.sources import own_client
from posedeck.net.errors import VendorError
from posedeck.pose.agreement import Agreement, PersonAgreement
from posedeck.pose.pose import Pose
from posedeck.services.keypoint_comparison import KeypointComparison
from posedeck.services.keypoint_runs import PAGE
from posedeck.services.keypoint_wording import summary_text
from posedeck.services.keypoints import KeypointAnswer, local_consensus
from posedeck.services.photos import Photo
from posedeck.services.sources import Source
from posedeck.texts import Texts

_WANTED, _OUTCOMES = "keypoints_wanted", "keypoints_outcomes"
_CONSENSUS, _CONSENSUS_CALL = "keypoints_consensus", "keypoints_consensus_call"


def _call(name: str) -> str:
    return f"keypoints_call_{name}"


def _want(*names: str) -> None:
    st.session_state[_WANTED] = names


def _use_sample() -> None:
    put_sample_group()
    st.session_state.pop(_OUTCOMES, None)
    keep_address(PAGE, None)
    # A sample goes to nobody else by itself, and there is no recorded answer to it.
    if all(st.session_state.get(side_key(name, "source"), Source.LOCAL) == Source.LOCAL for name in SIDES):
        _want(*SIDES)


def _use_local(name: str) -> None:
    ask_local_instead(name)
    _want(name)


def _start(photo: Photo, url: str | None, sides: dict[str, Side]) -> None:
    for name in st.session_state.pop(_WANTED):
        submit(_call(name), sides[name].call(photo, url, group_of(photo)))


def _finish(photo: Photo, sides: dict[str, Side], t: Texts) -> None:
    pending = [name for name in SIDES if is_pending(_call(name))]
    asked = {_call(name): side_title(sides[name].vendor, sides[name].source, t) for name in pending}
    ended = take_each(asked)
    outcomes = outcomes_of(photo, {name: ended[_call(name)] for name in pending}, st.session_state.get(_OUTCOMES))
    st.session_state[_OUTCOMES] = outcomes
    if starting := outcomes.starting():
        _want(*starting)
        watch_engine(t)
    else:
        # The progress of the calls has done its work.
        st.rerun()


def _show(outcomes: Outcomes, sides: dict[str, Side], t: Texts) -> None:
    st.header(t("keypoints.result"), anchor=False)
    keep_address(PAGE, run_of(outcomes))
    for name, error in outcomes.errors.items():
        show_failure(name, error, t, on_local=_use_local)
    answers = outcomes.answers
    if len(answers) == len(SIDES):
        _compare(answers["left"], answers["right"], t)
    for name, answer in answers.items():
        if len(answers) < len(SIDES):
            side_facts({name: answer}, t)
            one_side_view(answer, name, t, key="keypoints_one_side")
    for name, answer in answers.items():
        st.markdown(f"**{t(f'keypoints.{name}')}** · {side_title(answer.vendor, answer.source, t)}")
        run_link(answer.run_id, t)
        raw_answer(answer.body, answer.exchange, t, key=f"raw_{name}")
    if answers:
        perturbation_lab(answers, sides, t)


def _compare(left: KeypointAnswer, right: KeypointAnswer, t: Texts) -> None:
    top = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", key="keypoints_options", gap="medium"):
        least = st.slider(
            t("keypoints.threshold"),
            0.0,
            1.0,
            step=0.05,
            key=THRESHOLD,
            help=t("keypoints.threshold.help"),
            width=220,
            persist_state="session",
        )
        third = st.toggle(
            t("keypoints.consensus"), key="consensus", help=t("keypoints.consensus.help"), persist_state="session"
        )
        profile = choose_profile(t)
    consensus = _third_opinion(left.photo, t) if third else []
    comparison = KeypointComparison(left, right, profile, least, consensus)
    agreement = comparison.agreement
    pair = _choose_person(agreement, t)
    with top:
        st.markdown(f"**{_summary(agreement, pair, t)}**" if pair else t("keypoints.nobody"))
        _unmatched(agreement, t)
        side_facts({"left": left, "right": right}, t)
    keypoint_exports(comparison, pair, t)
    keypoints_view(comparison, pair, t, key="keypoints_view")


def _summary(agreement: Agreement, pair: PersonAgreement, t: Texts) -> str:
    summary = summary_text(pair, t)
    if len(agreement.pairs) == 1:
        return summary
    return t("keypoints.summary.person", number=agreement.pairs.index(pair) + 1, summary=summary)


def _choose_person(agreement: Agreement, t: Texts) -> PersonAgreement | None:
    numbers = list(range(1, len(agreement.pairs) + 1))
    if not numbers:
        return None
    if st.session_state.get(PERSON) not in numbers:
        st.session_state[PERSON] = 1
    number = st.segmented_control(
        t("keypoints.person"),
        numbers,
        format_func=lambda each: t("keypoints.person.option", number=each, oks=f"{agreement.pairs[each - 1].oks:.2f}"),
        key=PERSON,
        required=True,
        persist_state="session",
    )
    return agreement.pairs[number - 1]


def _unmatched(agreement: Agreement, t: Texts) -> None:
    for name, people in zip(SIDES, (agreement.only_left, agreement.only_right), strict=True):
        if people:
            st.warning(t(f"keypoints.only_{name}", count=len(people)), icon=":material/person_off:")
    if agreement.greedy_pairs != len(agreement.pairs):
        st.caption(t("keypoints.greedy", count=agreement.greedy_pairs, pairs=len(agreement.pairs)))


def _third_opinion(photo: Photo, t: Texts) -> list[Pose]:
    known: tuple[str, list[Pose]] | None = st.session_state.get(_CONSENSUS)
    if known is not None and known[0] == photo.sha256:
        return known[1]
    client = own_client()
    submit(_CONSENSUS_CALL, lambda: (photo.sha256, local_consensus(client, photo)))
    try:
        st.session_state[_CONSENSUS] = take(_CONSENSUS_CALL, t("keypoints.consensus.asking"))
    except VendorError as error:
        show_error(error, t)
        return []
    return _third_opinion(photo, t)


t = texts()
restore_link()
if reopened := reopen_comparison(st.session_state.get(_OUTCOMES)):
    st.session_state[_OUTCOMES] = reopened
st.title(t("page.keypoints"), anchor=False)
st.markdown(t("keypoints.lead"))
run_problem(t)
if st.query_params.get("sample") and SLOT not in st.session_state:
    _use_sample()
st.button(t("keypoints.use_sample"), key="use_sample", on_click=_use_sample, icon=":material/play_circle:")
place, *places = st.columns([1.2, 1, 1])
chosen = {}
for name, column in zip(SIDES, places, strict=True):
    with column:
        chosen[name] = choose_side(name, t)
with place:
    photo, url = picture_slot(by_address=any(side.takes_address() for side in chosen.values()), t=t)
st.caption(t("keypoints.local_note"))
st.button(
    t("keypoints.compare"),
    key="compare",
    type="primary",
    on_click=_want,
    args=SIDES,
    disabled=photo is None or not all(side.is_complete for side in chosen.values()),
    icon=":material/compare_arrows:",
)
if photo is not None and st.session_state.get(_WANTED):
    local = any(chosen[name].source is Source.LOCAL for name in st.session_state[_WANTED])
    if local and not engine_ready():
        watch_engine(t)
    else:
        _start(photo, url, chosen)
if photo is not None and any(is_pending(_call(name)) for name in SIDES):
    _finish(photo, chosen, t)
if _OUTCOMES in st.session_state:
    _show(st.session_state[_OUTCOMES], chosen, t)
keep_link()
