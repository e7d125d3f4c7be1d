"""Who answers: the source selector in the sidebar, its credentials, and the clients behind it."""

import os
from dataclasses import dataclass

import streamlit as st

from posedeck.clients.own import OwnClient
from posedeck.clients.remo import LIVE_BASE_URL, RemoClient, RemoCredentials
from posedeck.contracts.own import DEMO_ACCOUNT
from posedeck.net.transport import Transport
from posedeck.services.local_server import local_base_url
from posedeck.services.sources import Source
from posedeck.storage.paths import data_dir
from posedeck.storage.token import read_token
from posedeck.texts import Texts

SOURCE_KEY = "source"
#: Balance per source, as the last answer of this browser session told it.
_CREDITS_KEY = "credits"
_LIVE_FIELDS = ("email", "user_key", "api_key")


@dataclass(frozen=True)
class RemoAccess:
    """What a page needs to call Remo's API at the chosen source."""

    source: Source
    base_url: str
    client: RemoClient
    credentials: RemoCredentials


@st.cache_resource(max_entries=8)
def _transport(vendor: str) -> Transport:
    # Building a client costs 63 ms, so one per vendor serves every session; it keeps neither cookies nor credentials.
    return Transport(vendor)


def current_source() -> Source:
    """The source chosen in this browser session."""
    return Source(st.session_state.get(SOURCE_KEY, Source.LOCAL))


def remo_access() -> RemoAccess:
    """Client and credentials for the chosen source."""
    source = current_source()
    if source is Source.LIVE:
        base_url, credentials = LIVE_BASE_URL, _live_credentials()
    else:
        base_url, credentials = local_base_url(), RemoCredentials(*DEMO_ACCOUNT)
    return RemoAccess(source, base_url, RemoClient(_transport("remo"), base_url), credentials)


def own_client() -> OwnClient:
    """Client of our own pose server."""
    return OwnClient(_transport("posedeck"), local_base_url(), read_token(data_dir()))


def remember_credit(source: Source, credit: int | None) -> None:
    """Keep the balance that an answer told."""
    if credit is not None:
        st.session_state.setdefault(_CREDITS_KEY, {})[source.value] = credit


def source_sidebar(t: Texts) -> None:
    """The selector with what each source is, the credits left and, for live, the credentials."""
    with st.sidebar:
        st.radio(
            t("source.label"),
            options=[source.value for source in Source],
            format_func=lambda value: t(f"source.{value}.name"),
            captions=[t(f"source.{source.value}.short") for source in Source],
            key=SOURCE_KEY,
            persist_state="session",
        )
        source = current_source()
        credit = st.session_state.get(_CREDITS_KEY, {}).get(source.value)
        st.markdown(
            f":material/toll: {t('source.credits')}: **{t('source.credits_unknown') if credit is None else credit}**"
        )
        if source is Source.LIVE:
            _credential_inputs(t)


def _credential_inputs(t: Texts) -> None:
    st.caption(t("source.live.costs"))
    configured = _configured_credentials()
    for name in _LIVE_FIELDS:
        st.text_input(
            t(f"source.live.{name}"),
            type="default" if name == "email" else "password",
            key=f"remo_{name}",
            persist_state="session",
            placeholder=t("source.live.configured") if configured.get(name) else "",
            autocomplete="off",
        )
    st.caption(t("source.live.kept"))


def _live_credentials() -> RemoCredentials:
    configured = _configured_credentials()
    values = (st.session_state.get(f"remo_{name}") or configured.get(name, "") for name in _LIVE_FIELDS)
    return RemoCredentials(*values)


def _configured_credentials() -> dict[str, str]:
    from_file: dict[str, str] = {}
    # Asking for a missing secrets file would put an error on the page.
    if st.secrets.load_if_toml_exists():
        from_file = dict(st.secrets.get("remo", {}))
    from_environment = {name: os.environ.get(f"POSEDECK_REMO_{name.upper()}", "") for name in _LIVE_FIELDS}
    return {name: from_environment[name] or str(from_file.get(name, "")) for name in _LIVE_FIELDS}
