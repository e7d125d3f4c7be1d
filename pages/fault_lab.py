"""Fault lab: what each call of the local server is to do wrong."""

import streamlit as st

from components.fault_lab import fault_lab
from components.language import texts

t = texts()
st.title(t("page.fault_lab"), anchor=False)
fault_lab(t)
