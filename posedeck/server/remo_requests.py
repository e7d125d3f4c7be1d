"""What Remo's routes do first: read the body, ask who is calling, and whether he can pay."""

from typing import Protocol, TypeVar

import msgspec

from posedeck.contracts.remo.errors import RemoCode
from posedeck.server.accounts import CredentialsError
from posedeck.server.context import ServerContext
from posedeck.server.remo_errors import RemoRefusalError

#: Bytes of a body that carries pictures.
PICTURES_LIMIT = 40_000_000


class RemoRequest(Protocol):
    """A request that names its caller."""

    @property
    def Email(self) -> str: ...  # noqa: N802 - the wire's names

    @property
    def UserKey(self) -> str: ...  # noqa: N802

    @property
    def APIKey(self) -> str: ...  # noqa: N802

    def missing(self) -> list[str]:
        """Names of required fields that are missing or empty."""


Ask = TypeVar("Ask", bound=RemoRequest)


def parse_request(body: bytes, kind: type[Ask]) -> Ask:
    """The request of a msgspec kind with all that is required. Raises RemoRefusalError."""
    try:
        ask = msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise RemoRefusalError(RemoCode.PROTOCOL, detail=str(error)) from error
    except (ValueError, RecursionError) as error:
        raise RemoRefusalError(RemoCode.PROTOCOL, detail="the body is not JSON") from error
    missing = ask.missing()
    if missing:
        raise RemoRefusalError(RemoCode.MISSING_FIELD, detail=", ".join(missing))
    return ask


def authenticate(context: ServerContext, ask: RemoRequest, cost: int) -> int:
    """The caller's balance, which covers the cost. Raises RemoRefusalError."""
    try:
        credit = context.accounts.authenticate(ask.Email, ask.UserKey, ask.APIKey)
    except CredentialsError as error:
        raise RemoRefusalError(error.code) from error
    if credit < cost:
        raise RemoRefusalError(RemoCode.NO_CREDIT, credit=credit)
    return credit
