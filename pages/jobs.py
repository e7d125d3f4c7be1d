"""Jobs: all that the pose server works on or has worked on."""

import streamlit as st

from components.job_list import job_list
from components.language import texts

t = texts()
st.title(t("page.jobs"), anchor=False)
st.markdown(t("jobs.lead"))
job_list(t)
