"""What the host decides about a pose server."""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from posedeck.pose.grades import PROFILE_NAMES, REMO_2024
from posedeck.storage.database import database_url
from posedeck.storage.paths import data_dir

PROFILE_VARIABLE = "POSEDECK_PROFILE"
ACCOUNTS_VARIABLE = "POSEDECK_ACCOUNTS"
CALIBRATION_VARIABLE = "POSEDECK_CALIBRATION"
_SWITCH = {"on": True, "off": False}


@dataclass(frozen=True)
class ServerSettings:
    """Settings of one pose server.

    Attributes:
        data_dir: Folder for the token, the locks and, by default, the database.
        database: URL of the database.
        slots: Inference processes; each keeps one core busy.
        profile: Grade profile used when a request names none.
        accounts_file: TOML file with further accounts.
        calibrated: Whether values are answered calibrated; the measured ones stand beside them either way.
        worker: Whether a worker for jobs runs beside the server.

    Raises:
        ValueError: when the profile is unknown or there is no slot.
    """

    data_dir: Path
    database: URL
    slots: int
    profile: str = REMO_2024
    accounts_file: Path | None = None
    calibrated: bool = True
    worker: bool = False

    def __post_init__(self) -> None:
        if self.profile not in PROFILE_NAMES:
            raise ValueError(f"{PROFILE_VARIABLE}: {self.profile!r} is unknown, there are {', '.join(PROFILE_NAMES)}")
        if self.slots < 1:
            raise ValueError(f"at least one inference slot is needed, got {self.slots}")

    @classmethod
    def from_env(cls) -> "ServerSettings":
        """Settings from the environment. Raises ValueError or OSError when they cannot be used."""
        folder = data_dir()
        accounts = os.environ.get(ACCOUNTS_VARIABLE)
        switch = os.environ.get(CALIBRATION_VARIABLE) or "on"
        if switch not in _SWITCH:
            raise ValueError(f"{CALIBRATION_VARIABLE}: expected on or off, got {switch!r}")
        return cls(
            data_dir=folder,
            database=database_url(folder),
            slots=os.cpu_count() or 1,
            profile=os.environ.get(PROFILE_VARIABLE) or REMO_2024,
            accounts_file=Path(accounts).expanduser() if accounts else None,
            calibrated=_SWITCH[switch],
            worker=True,
        )
