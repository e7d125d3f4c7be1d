"""Our clients against our own server over a real connection: Kakao, NHN, and our own route for everybody."""

import io
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass

import msgspec
import numpy as np
import pytest
from PIL import Image

from posedeck.clients.kakao import KakaoClient
from posedeck.clients.nhn import NhnClient
from posedeck.clients.own import OwnClient
from posedeck.contracts.coco import as_coco_17
from posedeck.contracts.own import DEMO_KAKAO_KEY, DEMO_NHN_KEYS
from posedeck.engine.people import Person
from posedeck.engine.slots import SlotCrashed
from posedeck.net.errors import AnswerRefused, ServiceEnded
from posedeck.net.transport import Transport
from posedeck.pose.pose import FloatArray, Pose
from posedeck.server.app import create_server
from posedeck.server.inference import ANALYSIS_PASSES
from posedeck.services.fitting import Change
from posedeck.services.keypoints import (
    DEMO_CREDENTIALS,
    KeypointAnswer,
    Vendor,
    ask_keypoints,
    local_consensus,
    read_recorded,
)
from posedeck.services.photos import Photo, prepare_photo
from posedeck.services.sources import Source
from posedeck.storage.token import read_token
from tests.support.loopback import on_loopback
from tests.unit.server.builders import TruthEngine, person_in, photo, ready, settings_in


def plain_picture(width: int, height: int) -> Photo:
    """A picture of nothing; each size is another one."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (90, 0, 0)).save(buffer, "PNG")
    return prepare_photo(buffer.getvalue())


PICTURE, NOBODY, CRASH, LARGE = (
    prepare_photo(photo("front_apose")),
    plain_picture(400, 320),
    plain_picture(500, 400),
    plain_picture(4000, 2400),
)
PEOPLE = [person_in("front_apose"), person_in("body_slim")]
#: What tells the passes apart: each but the first moves the sample engine's answer by a pixel to the right.
KAKAO_SHIFT, NHN_SHIFT, CONSENSUS_SHIFT = 0.0, 1.0, ANALYSIS_PASSES - 1.0


@dataclass(frozen=True)
class Site:
    """A running server."""

    base_url: str
    transport: Transport
    token: str

    def ask(self, vendor: Vendor, picture: Photo) -> KeypointAnswer:
        """An answer of the local engine to the demo account."""
        return ask_keypoints(vendor, Source.LOCAL, picture, DEMO_CREDENTIALS[vendor], self.base_url, self.transport)


class EverybodyIn(TruthEngine):
    """Sees the two people in every picture of which nothing else is known, however it was encoded."""

    def submit_find_people(self, image_bytes: bytes, max_people: int, passes: int) -> "Future[list[Person]]":
        self._outcomes.setdefault(image_bytes, PEOPLE)
        return super().submit_find_people(image_bytes, max_people, passes)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server whose engine knows the pictures above."""
    folder = tmp_path_factory.mktemp("data")
    engine = EverybodyIn({PICTURE.data: PEOPLE, NOBODY.data: None, CRASH.data: SlotCrashed("died")})
    server = create_server(settings_in(folder), ready(engine))
    with on_loopback(server.app) as base_url, Transport("local") as transport:
        client = OwnClient(transport, base_url)
        while client.health().status != "ok":
            time.sleep(0.01)
        yield Site(base_url, transport, read_token(folder) or "")


def best_first(*people: Pose) -> list[Pose]:
    return sorted(people, key=lambda pose: -pose.score.mean())


def expected(shift: float) -> list[FloatArray]:
    """The true keypoints of both people, moved to the right; the more confident person first."""
    return [pose.xy_px + np.array([shift, 0.0]) for pose in best_first(*(as_coco_17(person.pose) for person in PEOPLE))]


@pytest.mark.parametrize(("vendor", "shift"), [(Vendor.KAKAO, KAKAO_SHIFT), (Vendor.NHN, NHN_SHIFT)])
def test_everybodys_keypoints_come_through_unchanged(site: Site, vendor: Vendor, shift: float) -> None:
    """To the decimals of the wire format; the two vendors' answers come from different inference."""
    answer = site.ask(vendor, PICTURE)

    assert len(answer.people) == 2
    for pose, truth in zip(answer.people, expected(shift), strict=True):
        np.testing.assert_allclose(pose.xy_px, truth, atol=1e-4)
    assert (answer.vendor, answer.source, answer.photo) == (vendor, Source.LOCAL, PICTURE)
    assert answer.fitted is not None
    assert answer.fitted.changes == ()


@pytest.mark.parametrize("vendor", Vendor)
def test_nobody_is_an_empty_answer(site: Site, vendor: Vendor) -> None:
    """Not an error."""
    assert site.ask(vendor, NOBODY).people == []


def test_keypoints_of_a_reduced_picture_are_those_of_the_original(site: Site) -> None:
    """Kakao takes 2048 pixels: what the engine saw at a given place of the sent picture lies twice as far out."""
    answer = site.ask(Vendor.KAKAO, LARGE)

    assert answer.fitted is not None
    assert (answer.fitted.photo.width, answer.fitted.photo.height) == (2048, 1228)
    assert answer.fitted.changes == (Change.REDUCED, Change.REENCODED)
    for pose, sent in zip(answer.people, expected(KAKAO_SHIFT), strict=True):
        np.testing.assert_allclose(pose.xy_px, (sent + 0.5) / 0.512 - 0.5, atol=1e-3)


def test_a_wrong_kakao_key_is_refused(site: Site) -> None:
    """-401 with HTTP 401."""
    with pytest.raises(AnswerRefused) as failure:
        KakaoClient(site.transport, site.base_url).pose("wrong-key", PICTURE.data)

    assert (failure.value.code, failure.value.status, failure.value.message_key) == (-401, 401, "error.kakao.-401")


@pytest.mark.parametrize("keys", [("wrong-key", DEMO_NHN_KEYS[1]), (DEMO_NHN_KEYS[0], "wrong-key")])
def test_a_wrong_nhn_key_is_refused(site: Site, keys: tuple[str, str]) -> None:
    """4010001 with HTTP 200."""
    with pytest.raises(AnswerRefused) as failure:
        NhnClient(site.transport, site.base_url).pose(*keys, PICTURE.data)

    assert (failure.value.code, failure.value.status, failure.value.message_key) == (4010001, 200, "error.nhn.4010001")


def test_pictures_that_break_the_limits_are_refused(site: Site) -> None:
    """What the fitting prevents: too few pixels for Kakao, no picture for NHN."""
    with pytest.raises(AnswerRefused) as kakao:
        KakaoClient(site.transport, site.base_url).pose(DEMO_KAKAO_KEY, plain_picture(300, 300).data)
    with pytest.raises(AnswerRefused) as nhn:
        NhnClient(site.transport, site.base_url).pose(*DEMO_NHN_KEYS, b"no picture")

    assert (kakao.value.code, nhn.value.code) == (-2, 4000003)


def test_an_address_within_our_own_network_is_refused(site: Site) -> None:
    """Kakao's ``image_url`` does not open doors."""
    with pytest.raises(AnswerRefused) as failure:
        KakaoClient(site.transport, site.base_url).pose(DEMO_KAKAO_KEY, image_url="http://127.0.0.1/a.jpg")

    assert failure.value.code == -2


@pytest.mark.parametrize(("vendor", "code"), [(Vendor.KAKAO, -1), (Vendor.NHN, 5003001)])
def test_a_failed_engine_is_the_vendors_own_error(site: Site, vendor: Vendor, code: int) -> None:
    """Each by its table."""
    with pytest.raises(AnswerRefused) as failure:
        site.ask(vendor, CRASH)

    assert failure.value.code == code


def test_a_server_that_does_not_offer_nhns_service_looks_ended(site: Site) -> None:
    """The gateway's code for an unknown address, at a path that our server does not have."""
    with pytest.raises(ServiceEnded) as failure:
        NhnClient(site.transport, f"{site.base_url}/v1.0/elsewhere").pose(*DEMO_NHN_KEYS, PICTURE.data)

    assert (failure.value.code, failure.value.status) == (4041007, 404)


@pytest.mark.parametrize("vendor", Vendor)
def test_an_answer_saved_to_a_file_reads_as_it_came(site: Site, vendor: Vendor) -> None:
    """A recording gives the same people and says that it is one."""
    live = site.ask(vendor, PICTURE)
    recorded = read_recorded(vendor, msgspec.json.encode(live.body), PICTURE)

    assert (recorded.source, recorded.exchange, recorded.fitted) == (Source.RECORDED, None, None)
    for left, right in zip(recorded.people, live.people, strict=True):
        np.testing.assert_array_equal(left.xy_px, right.xy_px)


def test_the_consensus_is_the_mean_of_sixteen_passes(site: Site) -> None:
    """From our own route, which asks for the token of the data folder."""
    people = local_consensus(OwnClient(site.transport, site.base_url, site.token), PICTURE)

    for pose, truth in zip(people, expected(CONSENSUS_SHIFT), strict=True):
        np.testing.assert_allclose(pose.xy_px, truth, atol=1e-3)


def test_the_consensus_needs_the_token(site: Site) -> None:
    """As every route of ours below /x/."""
    with pytest.raises(AnswerRefused) as failure:
        local_consensus(OwnClient(site.transport, site.base_url, "wrong"), PICTURE)

    assert failure.value.code == 401
