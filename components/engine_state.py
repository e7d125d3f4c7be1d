"""State of our engine: loading its models at the first start, ready, or out of reach."""

import streamlit as st

from components.sources import own_client
from posedeck.contracts.own import Health
from posedeck.net.errors import VendorError
from posedeck.texts import Texts

#: Seconds between two looks at a starting engine.
_POLL_S = 1.0
_MEGABYTE = 1_000_000


def engine_health() -> Health | None:
    """State of the pose server; None when it cannot be reached."""
    try:
        return own_client().health()
    except VendorError:
        return None


def engine_ready() -> bool:
    """Whether the local engine can answer right now."""
    health = engine_health()
    return health is not None and health.status == "ok"


def engine_line(t: Texts) -> None:
    """One line on the engine's state, for pages that do not depend on it."""
    health = engine_health()
    if health is None:
        st.markdown(f":material/cloud_off: {t('engine.unreachable')}")
    elif health.status == "ok":
        st.markdown(f":material/check_circle: {t('engine.ready', version=health.version)}")
    else:
        watch_engine(t)


@st.fragment(run_every=_POLL_S)
def watch_engine(t: Texts) -> None:
    """Progress of the first start; reruns the page when the engine is ready."""
    health = engine_health()
    if health is None:
        st.warning(t("engine.unreachable"), icon=":material/cloud_off:")
        return
    if health.status == "ok":
        st.rerun()
    models = health.models
    if models.error is not None:
        st.error(t("engine.models_failed", remedy=models.error), icon=":material/cloud_download:")
        return
    fraction = min(models.done_bytes / models.total_bytes, 1.0) if models.total_bytes else 0.0
    st.progress(
        fraction,
        text=t(
            "engine.starting",
            stage=t(f"engine.stage.{models.stage}"),
            done=f"{models.done_bytes / _MEGABYTE:.1f}",
            total=f"{models.total_bytes / _MEGABYTE:.1f}",
        ),
    )
