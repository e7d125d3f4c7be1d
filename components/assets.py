"""Scripts and styles of our own components, read once at import."""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent / "_assets"


def read_assets(*names: str) -> str:
    """The files of ``components/_assets`` one after the other."""
    return "\n".join((_FOLDER / name).read_text("utf-8") for name in names)
