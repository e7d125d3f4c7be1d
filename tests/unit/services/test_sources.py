"""The names of sources in exports."""

import pytest

from posedeck.services.keypoints import Vendor
from posedeck.services.sources import VENDOR_NAMES, Source


@pytest.mark.parametrize(
    ("source", "vendor", "label"),
    [
        (Source.LOCAL, "remo", "Local engine"),
        (Source.LIVE, "remo", "Remo live"),
        (Source.LIVE, "nhn", "NHN Cloud live"),
        (Source.RECORDED, "kakao", "Recorded Kakao answer"),
    ],
)
def test_a_label_names_who_answered(source: Source, vendor: str, label: str) -> None:
    """Our engine is never called by a vendor's name, and a recording never "live"."""
    assert source.label_for(vendor) == label


def test_every_vendor_of_the_keypoint_page_has_a_name() -> None:
    """The enumeration and the table of names agree."""
    assert set(Vendor) <= VENDOR_NAMES.keys()
