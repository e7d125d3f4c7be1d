"""Entry script of the dashboard. It has no sibling ``pages/`` folder: Streamlit's discovery of such a folder would
answer the first deep link of a fresh process without this frame."""

from shell.frame import render

render()
