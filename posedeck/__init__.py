"""PoseDeck without its pages: domain, contracts, engine, pose server, clients, use-cases. Knows nothing of Streamlit."""

__version__ = "0.1.0"
