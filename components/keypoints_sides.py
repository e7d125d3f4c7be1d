"""The two sides of a comparison: which vendor's format, who answers, and what that takes."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.badges import SOURCE_LOOK
from components.demo_state import demo_on
from components.exchange_log import exchange_log
from components.runs import recorder, run_store
from components.sources import credential_inputs, transport, typed_credentials
from posedeck.services.keypoint_runs import PAGE, ask_and_record, read_and_record, replay_and_record
from posedeck.services.keypoints import (
    DEMO_CREDENTIALS,
    LIVE_BASE_URLS,
    KeypointAnswer,
    KeypointCredentials,
    RecordedAnswerError,
    Vendor,
    recorded_vendor,
)
from posedeck.services.local_server import local_base_url
from posedeck.services.photos import Photo
from posedeck.services.replay import runs_player
from posedeck.services.sources import CALLED_SOURCES, CHOSEN_SOURCES, VENDOR_NAMES, Source
from posedeck.texts import Texts

SIDES = ("left", "right")
_DEFAULTS = {"left": Vendor.KAKAO, "right": Vendor.NHN}
_FIELDS = {Vendor.KAKAO: ("rest_api_key",), Vendor.NHN: ("app_key", "secret_key")}
_MAX_RECORDED_MB = 200


#: Asks about a picture: the picture, where it came from if from an address (a vendor that takes it gets that instead),
#: and what tells its run from others.
Asker = Callable[[Photo, str | None, Mapping[str, Any]], KeypointAnswer]


@dataclass(frozen=True)
class Side:
    """What is chosen for one side.

    Attributes:
        name: ``left`` or ``right``.
        recorded: The uploaded answer or cassette; without one the runs of this installation answer.
        credentials: What is sent along; complete or not.
    """

    name: str
    vendor: Vendor
    source: Source
    recorded: bytes | None
    credentials: KeypointCredentials

    @property
    def is_complete(self) -> bool:
        """Whether nothing but the picture is missing for an answer."""
        if self.source is Source.RECORDED:
            return True
        return all((self.credentials.key, self.credentials.secret)[: len(_FIELDS[self.vendor])])

    def takes_address(self) -> bool:
        """Whether the vendor fetches a picture by its address."""
        return self.vendor is Vendor.KAKAO and self.source in CALLED_SOURCES

    def asker(self, group: str, page: str = PAGE) -> Asker:
        """What asks, or reads the recorded answer, in any thread; to be called in the session's own.

        It raises what ``ask_keypoints`` and ``read_recorded`` do.

        Args:
            group: What the runs have in common.
            page: Page of the runs, for a source that is called.
        """
        kept_by, kept_as = recorder(), {"side": self.name, "group": group}
        if (recorded := self.recorded) is not None:
            return lambda photo, _url, _params: read_and_record(kept_by, self.vendor, recorded, photo, **kept_as)
        if self.source is Source.RECORDED:
            played = runs_player(run_store(), self.vendor.value).for_session(exchange_log().observe)
            return lambda photo, _url, _params: replay_and_record(kept_by, self.vendor, played, photo, **kept_as)
        sender = transport(self.vendor.value)
        base_url = LIVE_BASE_URLS[self.vendor] if self.source is Source.LIVE else local_base_url()
        return lambda photo, url, params: ask_and_record(
            kept_by,
            self.vendor,
            self.source,
            photo,
            self.credentials,
            base_url,
            sender,
            image_url=url if self.takes_address() else None,
            **kept_as,
            page=page,
            params=params,
        )


def side_key(name: str, what: str) -> str:
    """Session key of a side's choice of ``vendor`` or ``source``."""
    return f"{name}_{what}"


def side_title(vendor: Vendor, source: Source, t: Texts) -> str:
    """Whose format and whose answer, for example "Kakao format, local engine"."""
    return t(f"keypoints.side.{source.value}", vendor=VENDOR_NAMES[vendor])


def side_badge(answer: KeypointAnswer, t: Texts) -> None:
    """Who answered a side."""
    icon, colour = SOURCE_LOOK[answer.source]
    title = side_title(answer.vendor, answer.source, t)
    st.badge(title, icon=icon, color=colour, help=t(f"keypoints.note.{answer.source.value}"))


def choose_side(name: str, t: Texts) -> Side:
    """Let the user choose one side."""
    with st.container(border=True, key=f"{name}_side", height="stretch"):
        st.markdown(f"**{t(f'keypoints.{name}')}**")
        st.session_state.setdefault(side_key(name, "vendor"), _DEFAULTS[name].value)
        st.session_state.setdefault(side_key(name, "source"), Source.LOCAL.value)
        if demo_on():
            st.session_state[side_key(name, "source")] = Source.LOCAL.value
        with st.container(horizontal=True, key=f"{name}_choices"):
            st.segmented_control(
                t("keypoints.vendor"),
                [each.value for each in Vendor],
                format_func=VENDOR_NAMES.__getitem__,
                key=side_key(name, "vendor"),
                required=True,
                persist_state="session",
            )
            st.segmented_control(
                t("keypoints.source"),
                [each.value for each in ((Source.LOCAL,) if demo_on() else CHOSEN_SOURCES)],
                format_func=lambda value: t(f"keypoints.source.{value}"),
                key=side_key(name, "source"),
                required=True,
                persist_state="session",
            )
        vendor = Vendor(st.session_state[side_key(name, "vendor")])
        source = Source(st.session_state[side_key(name, "source")])
        return Side(name, vendor, source, *_details(name, vendor, source, t))


def _details(name: str, vendor: Vendor, source: Source, t: Texts) -> tuple[bytes | None, KeypointCredentials]:
    st.caption(t(f"keypoints.note.{source.value}"))
    if source is Source.RECORDED:
        file = st.file_uploader(
            t(f"keypoints.recorded.{name}"),
            type="json",
            key=f"{name}_recorded",
            help=t("keypoints.recorded.help"),
            max_upload_size=_MAX_RECORDED_MB,
            on_change=_adopt_vendor,
            args=(name,),
        )
        return (None if file is None else file.getvalue()), KeypointCredentials("")
    if source is Source.LOCAL:
        st.caption(t(f"keypoints.local.{vendor.value}"))
        return None, DEMO_CREDENTIALS[vendor]
    st.caption(t("keypoints.live.ended"))
    # Both sides may ask the same vendor live: then they share its credentials, typed in at the first.
    if name == SIDES[0] or not _asks_live(SIDES[0], vendor):
        credential_inputs(vendor.value, _FIELDS[vendor], t)
    else:
        st.caption(t("keypoints.credentials.shared"))
    return None, KeypointCredentials(*typed_credentials(vendor.value, _FIELDS[vendor]))


def _adopt_vendor(name: str) -> None:
    """Choose the vendor whose answer was put in; what is nobody's is refused when it is read, in words."""
    file = st.session_state[f"{name}_recorded"]
    if file is not None:
        with contextlib.suppress(RecordedAnswerError):
            st.session_state[side_key(name, "vendor")] = recorded_vendor(file.getvalue()).value


def _asks_live(name: str, vendor: Vendor) -> bool:
    chosen = (st.session_state[side_key(name, "vendor")], st.session_state[side_key(name, "source")])
    return chosen == (vendor.value, Source.LIVE.value)
