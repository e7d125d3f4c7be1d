"""A page with the frame viewer and a chart, over a clip in which each frame has a grey of its own."""

import base64
import os
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from components.frame_viewer import Clip, Mark, Phase, frame_viewer
from posedeck.texts import load_texts

folder = Path(os.environ["POSEDECK_DATA_DIR"])
times_s = np.array([float(each) for each in (folder / "times.txt").read_text("ascii").split()])
src = "data:video/mp4;base64," + base64.b64encode((folder / "clip.mp4").read_bytes()).decode("ascii")
frame_viewer(
    [Clip(src, "Drawn", "A grey square"), Clip(src, "Original", "The same grey square")],
    times_s,
    phases=[Phase("Approach", 0, 10), Phase("Impact", 10, 12), Phase("Follow-through", 12, len(times_s))],
    marks=[Mark("Impact", 10)],
    charts_key="charts",
    key="frames",
    t=load_texts("en"),
)
with st.container(key="charts"):
    st.plotly_chart(go.Figure(go.Scatter(x=times_s, y=np.sin(8 * times_s), mode="lines+markers")), key="chart")
