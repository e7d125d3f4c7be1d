"""Who answers: the source selector in the sidebar, its credentials, and the clients behind it."""

import os
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import streamlit as st

from components.cassettes import cassette_choice, player
from components.demo_state import demo_on
from components.exchange_log import exchange_log
from components.fault_switch import fault_switch
from posedeck.clients.own import OwnClient
from posedeck.clients.own_jobs import JobsClient
from posedeck.clients.remo import LIVE_BASE_URL, RemoClient, RemoCredentials
from posedeck.contracts.own import DEMO_ACCOUNT
from posedeck.contracts.tickets import new_upload_ticket, sign_upload
from posedeck.net.cassette import BASE_URL as RECORDED_BASE_URL
from posedeck.net.transport import Transport
from posedeck.services.local_server import local_base_url
from posedeck.services.sources import CHOSEN_SOURCES, Source
from posedeck.storage.paths import data_dir
from posedeck.storage.token import read_token
from posedeck.texts import Texts

SOURCE_KEY = "source"
#: Balance per source, as the last answer of this browser session told it.
_CREDITS_KEY = "credits"
_REMO_FIELDS = ("email", "user_key", "api_key")
_FIELDS = {"remo": _REMO_FIELDS, "kakao": ("rest_api_key",), "nhn": ("app_key", "secret_key")}


@dataclass(frozen=True)
class RemoAccess:
    """What a page needs to call Remo's API at the chosen source."""

    source: Source
    base_url: str
    client: RemoClient
    credentials: RemoCredentials


def transport(vendor: str) -> Transport:
    """The transport of a vendor's calls, whose exchanges this session's inspector sees.

    In demo mode it calls our own server and nobody else, whatever is asked of it.
    """
    only = local_base_url() if demo_on() else None
    return _shared_transport(vendor).for_session(exchange_log().observe, fault_switch(), only=only)


@st.cache_resource(max_entries=8, on_release=Transport.close)
def _shared_transport(vendor: str) -> Transport:
    # Building a client costs 63 ms, so one per vendor serves every session; it keeps neither cookies nor credentials.
    return Transport(vendor)


def current_source() -> Source:
    """The source chosen in this browser session."""
    return Source.LOCAL if demo_on() else Source(st.session_state.get(SOURCE_KEY, Source.LOCAL))


def remo_access() -> RemoAccess:
    """Client and credentials for the chosen source."""
    return remo_access_for(current_source())


def remo_access_for(source: Source) -> RemoAccess:
    """Client and credentials for a source."""
    if source is Source.RECORDED:
        client = RemoClient(player("remo").for_session(exchange_log().observe), RECORDED_BASE_URL)
        return RemoAccess(source, RECORDED_BASE_URL, client, RemoCredentials(*DEMO_ACCOUNT))
    if source is Source.LIVE:
        base_url, credentials = LIVE_BASE_URL, RemoCredentials(*typed_credentials("remo", _REMO_FIELDS))
    else:
        base_url, credentials = local_base_url(), RemoCredentials(*DEMO_ACCOUNT)
    return RemoAccess(source, base_url, RemoClient(transport("remo"), base_url), credentials)


def own_client() -> OwnClient:
    """Client of our own pose server."""
    return OwnClient(transport("posedeck"), local_base_url(), read_token(data_dir()))


def jobs_client() -> JobsClient:
    """Client of our own pose server's routes about jobs."""
    return JobsClient(transport("posedeck"), local_base_url(), read_token(data_dir()))


def silent_jobs_client() -> JobsClient:
    """The same, for files that are only passed on: the inspector neither lists their parts nor holds their bytes."""
    return JobsClient(_shared_transport("posedeck"), local_base_url(), read_token(data_dir()))


def remember_credit(source: Source, credit: int | None) -> None:
    """Keep the balance that an answer told."""
    if credit is not None:
        # A faulty answer's balance is that of the server that played it.
        account = Source.LOCAL if source is Source.FAULT else source
        st.session_state.setdefault(_CREDITS_KEY, {})[account.value] = credit


def forget_credits() -> None:
    """Forget what answers told of balances: the next one may count from elsewhere."""
    st.session_state.pop(_CREDITS_KEY, None)


class CreditLine:
    """The balance of the chosen source, where it was drawn; drawn anew when an answer of the same run changed it."""

    def __init__(self, t: Texts) -> None:
        self._place = st.empty()
        self._t = t
        self._told: int | None = None
        self._draw(_credit())

    def update(self) -> None:
        """Tell the balance as it is now."""
        if (credit := _credit()) != self._told:
            self._draw(credit)

    def _draw(self, credit: int | None) -> None:
        self._told = credit
        told = self._t("source.credits_unknown") if credit is None else credit
        self._place.markdown(f":material/toll: {self._t('source.credits')}: **{told}**")


def _credit() -> int | None:
    by_source: dict[str, int] = st.session_state.get(_CREDITS_KEY, {})
    return by_source.get(current_source().value)


def source_sidebar(t: Texts) -> CreditLine | None:
    """The selector with what each source is, the credits left and, for live, the credentials.

    Returns:
        The line of the balance, where there is one.
    """
    with st.sidebar:
        if demo_on():
            st.markdown(f":material/slideshow: {t('demo.note')}")
            return None
        st.radio(
            t("source.label"),
            options=[source.value for source in CHOSEN_SOURCES],
            format_func=lambda value: t(f"source.{value}.name"),
            captions=[t(f"source.{source.value}.short") for source in CHOSEN_SOURCES],
            key=SOURCE_KEY,
            persist_state="session",
        )
        source = current_source()
        if source is Source.RECORDED:
            cassette_choice(t, key="cassette_remo")
            return None
        line = CreditLine(t)
        if source is Source.LIVE:
            st.caption(t("source.live.costs"))
            credential_inputs("remo", _REMO_FIELDS, t, plain=("email",))
    return line


def secrets_of(source: str) -> dict[str, str]:
    """What fills the holes of a copied call to a source, by variable: as typed or configured, for our server its token.

    Public demo credentials are never masked, so they need no filling in.
    """
    if source != Source.LIVE:
        token = read_token(data_dir()) or ""
        return {"POSEDECK_TOKEN": token, "POSEDECK_TICKET": sign_upload(new_upload_ticket("", time.time()), token)}
    return {
        f"POSEDECK_{service}_{name}".upper(): value
        for service, fields in _FIELDS.items()
        for name, value in zip(fields, typed_credentials(service, fields), strict=True)
    }


def credential_inputs(service: str, fields: Sequence[str], t: Texts, *, plain: Collection[str] = ()) -> None:
    """Fields for the credentials of a service; what the configuration holds need not be typed.

    Args:
        service: Short name of the service, for example ``"remo"``.
        fields: Names of the credentials.
        t: Texts of the session.
        plain: Those that are no secrets and are shown as they are typed.
    """
    configured = _configured_credentials(service, fields)
    for name in fields:
        st.text_input(
            t(f"source.live.{name}"),
            type="default" if name in plain else "password",
            key=f"{service}_{name}",
            persist_state="session",
            placeholder=t("source.live.configured") if configured[name] else "",
            autocomplete="off",
        )
    st.caption(t("source.live.kept"))


def typed_credentials(service: str, fields: Sequence[str]) -> list[str]:
    """The credentials of a service in the order of the fields: as typed, else as configured, else empty."""
    configured = _configured_credentials(service, fields)
    return [st.session_state.get(f"{service}_{name}") or configured[name] for name in fields]


def _configured_credentials(service: str, fields: Sequence[str]) -> dict[str, str]:
    from_file: dict[str, str] = {}
    # Asking for a missing secrets file would put an error on the page.
    if st.secrets.load_if_toml_exists():
        from_file = dict(st.secrets.get(service, {}))
    from_environment = {name: os.environ.get(f"POSEDECK_{service}_{name}".upper(), "") for name in fields}
    return {name: from_environment[name] or str(from_file.get(name, "")) for name in fields}
