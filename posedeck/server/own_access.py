"""Who may use our own routes, and how they put callers off."""

import hmac

from starlette.requests import Request

from posedeck.contracts import own
from posedeck.server.context import ServerContext
from posedeck.server.own_errors import OwnRefusalError
from posedeck.storage.token import read_token


def check_token(context: ServerContext, request: Request) -> None:
    """Let only those pass who send the token of the data folder. Raises OwnRefusalError."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    given = request.headers.get(own.TOKEN_HEADER) or (bearer.strip() if scheme.lower() == "bearer" else "")
    token = read_token(context.settings.data_dir)
    if token is None or not hmac.compare_digest(token.encode(), given.encode()):
        message = f"send the token from the data folder as {own.TOKEN_HEADER} or as a bearer token"
        raise OwnRefusalError(401, message, {"WWW-Authenticate": "Bearer"})


def come_back(seconds: int, message: str) -> OwnRefusalError:
    """The refusal that asks to try again after that many seconds."""
    return OwnRefusalError(503, message, {"Retry-After": str(seconds)})
