"""PoseDeck without its pages; knows nothing of Streamlit."""

__version__ = "0.1.0"
