"""Two answers about one picture, compared on the page: options, person, exports, pictures and charts."""

import streamlit as st

from components.calls import submit, take
from components.errors import show_error
from components.keypoints_exports import keypoint_exports
from components.keypoints_facts import side_facts
from components.keypoints_link import PERSON, THRESHOLD
from components.keypoints_sides import SIDES
from components.keypoints_view import keypoints_view
from components.profiles import choose_profile
from components.sources import own_client
from posedeck.net.errors import VendorError
from posedeck.pose.agreement import Agreement, PersonAgreement
from posedeck.pose.pose import Pose
from posedeck.services.keypoint_comparison import KeypointComparison
from posedeck.services.keypoint_wording import summary_text
from posedeck.services.keypoints import KeypointAnswer, local_consensus
from posedeck.services.photos import Photo
from posedeck.texts import Texts

_CONSENSUS, _CONSENSUS_CALL = "keypoints_consensus", "keypoints_consensus_call"


def show_comparison(left: KeypointAnswer, right: KeypointAnswer, t: Texts) -> None:
    """Compare two answers about the same picture; a page shows one comparison at a time."""
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
    return agreement.pairs[(number or 1) - 1]


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
