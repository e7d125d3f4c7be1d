"""Where PoseDeck writes."""

import os
from pathlib import Path

from platformdirs import user_data_path

DATA_DIR_VARIABLE = "POSEDECK_DATA_DIR"
_OWNER_ONLY = 0o700


def data_dir() -> Path:
    """The folder of all that is written but the model cache: the configured one, else the user's own.

    It holds accounts and a token, so it is created for its owner alone; the rights of a folder that exists stay as they
    are. Raises OSError when it cannot be created.
    """
    configured = os.environ.get(DATA_DIR_VARIABLE)
    folder = Path(configured).expanduser().resolve() if configured else user_data_path("posedeck", appauthor=False)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=_OWNER_ONLY, exist_ok=True)
    return folder
