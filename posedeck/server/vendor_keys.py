"""The keys that open Kakao's and NHN's routes. They carry no credit, so nothing about them is kept in the database."""

import hashlib
import hmac
from collections.abc import Iterable

from posedeck.contracts.own import DEMO_KAKAO_KEY, DEMO_NHN_KEYS
from posedeck.server.accounts_file import KakaoEntry, NhnEntry


class VendorKeys:
    """The demo keys and those of the accounts file, kept as hashes.

    An ``[[nhn]]`` entry with the demo project's app key gives that project another secret key.
    """

    def __init__(self, kakao: Iterable[KakaoEntry] = (), nhn: Iterable[NhnEntry] = ()) -> None:
        self._kakao = {_digest(key) for key in (DEMO_KAKAO_KEY, *(entry.rest_api_key for entry in kakao))}
        self._nhn = {_digest(entry.app_key): _digest(entry.secret_key) for entry in (NhnEntry(*DEMO_NHN_KEYS), *nhn)}

    def opens_kakao(self, rest_api_key: str) -> bool:
        """Whether an app has this key."""
        return _digest(rest_api_key) in self._kakao

    def opens_nhn(self, app_key: str, secret_key: str) -> bool:
        """Whether there is a project with this pair of keys."""
        return hmac.compare_digest(self._nhn.get(_digest(app_key), b""), _digest(secret_key))


def _digest(key: str) -> bytes:
    # Looking a digest up tells nothing about the key by the time it takes.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
