"""What a first visitor would wait for: the modules behind the pages."""

import importlib
import pkgutil

import components


def warm_up() -> None:
    """Import what the pages import. Streamlit's runtime must exist, since components enrol with it."""
    # Streamlit imports it late: when the first component gets its data.
    importlib.import_module("pandas")
    for module in pkgutil.iter_modules(components.__path__):
        importlib.import_module(f"components.{module.name}")
