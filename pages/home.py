"""Home: four cards with a sample each, the engine's state, what each source is."""

from pathlib import Path

import streamlit as st

from components.engine_state import engine_line
from components.language import texts
from posedeck.clients.remo import LIVE_BASE_URL

_ROOT = Path(__file__).resolve().parents[1]
#: Page and whether the page exists.
_CARDS = (
    ("posture", True),
    ("future_shape", True),
    ("soccer", True),
    ("keypoints", True),
)

t = texts()
st.title(t("home.title"), anchor=False)
st.markdown(t("home.lead"))

for column, (name, built) in zip(st.columns(len(_CARDS)), _CARDS, strict=True):
    with column.container(border=True, key=f"card_{name}", height="stretch"):
        st.image(_ROOT / "assets" / "cards" / f"{name}.jpg", alt=t(f"home.sample_alt.{name}"), width="stretch")
        st.subheader(t(f"home.{name}.title"), anchor=False)
        st.markdown(t(f"home.{name}.text"))
        if built:
            page = _ROOT / "pages" / f"{name}.py"
            if st.button(t("home.try_sample"), key=f"sample_{name}", type="primary", width="stretch"):
                st.switch_page(page, query_params={"sample": "1"})
            st.page_link(page, label=t("home.open"), icon=":material/add_a_photo:")
        else:
            st.caption(f":material/construction: {t('home.not_yet')}")
st.caption(t("home.people_note"))

st.header(t("home.engine"), anchor=False)
engine_line(t)
st.header(t("home.sources"), anchor=False)
st.markdown(f"- {t('home.source.local')}\n- {t('home.source.live', url=LIVE_BASE_URL)}\n- {t('home.source.gone')}")
