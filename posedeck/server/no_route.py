"""What answers for a path that does not exist, or a method that a path does not take: the form of whose it would be."""

from collections.abc import Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from posedeck.contracts.kakao import KakaoCode
from posedeck.contracts.nhn import NhnCode
from posedeck.contracts.remo.errors import RemoCode
from posedeck.server.http import ErrorStyle, guarded
from posedeck.server.kakao_errors import KAKAO_STYLE, KakaoRefusalError
from posedeck.server.nhn_errors import NHN_STYLE, NhnRefusalError
from posedeck.server.own_errors import OWN_STYLE, OwnRefusalError
from posedeck.server.remo_errors import REMO_STYLE, RemoRefusalError

_WRONG_METHOD = 405


async def refuse_route(request: Request, error: Exception) -> Response:
    """The refusal, logged without the path: it may hold a key."""
    if not isinstance(error, HTTPException):
        raise error
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    refusal_of, style = _owner(path)
    refusal = refusal_of(error.status_code, dict(error.headers or {}))

    async def refuse(_: Request) -> Response:
        raise refusal

    return await guarded("(no route)", refuse, style)(request)


_RefusalOf = Callable[[int, dict[str, str]], Exception]


def _owner(path: str) -> tuple[_RefusalOf, ErrorStyle]:
    # The slash is put behind so that a vendor's path itself is below its prefix.
    return next((owner for prefix, owner in _OWNERS.items() if f"{path}/".startswith(prefix)), (_of_ours, OWN_STYLE))


def _message(status: int) -> str:
    return "wrong method for this path" if status == _WRONG_METHOD else "no such path, see / for the list"


def _of_remo(status: int, headers: dict[str, str]) -> Exception:
    return RemoRefusalError(RemoCode.PROTOCOL, detail=_message(status), headers=headers)


def _of_kakao(status: int, headers: dict[str, str]) -> Exception:
    return KakaoRefusalError(KakaoCode.BAD_PARAMETER, _message(status), headers=headers)


def _of_nhn(status: int, headers: dict[str, str]) -> Exception:
    code = NhnCode.METHOD_NOT_ALLOWED if status == _WRONG_METHOD else NhnCode.GATEWAY_URL_NOT_FOUND
    return NhnRefusalError(code, headers=headers)


def _of_ours(status: int, headers: dict[str, str]) -> Exception:
    return OwnRefusalError(status, _message(status), headers)


#: Whose the paths below a prefix are, also those that do not exist.
_OWNERS: Mapping[str, tuple[_RefusalOf, ErrorStyle]] = {
    "/api/": (_of_remo, REMO_STYLE),
    "/pose/": (_of_kakao, KAKAO_STYLE),
    "/v1.0/": (_of_nhn, NHN_STYLE),
}
