"""The page at ``/``: what answers here, its endpoints and the demo credentials, in English and Korean."""

from collections.abc import Iterable
from html import escape

from starlette.responses import Response

from posedeck import __version__
from posedeck.contracts.own import (
    DEMO_ACCOUNT,
    DEMO_CREDIT,
    DEMO_KAKAO_KEY,
    DEMO_NHN_KEYS,
    KAKAO_METHOD,
    MAX_PEOPLE,
    NHN_METHOD,
)
from posedeck.server.operations import HTML, OWN_TOKEN, Operation

#: The page runs nothing and loads nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_STYLE = """
:root { color-scheme: light dark; --line: light-dark(#d5dae2, #39414d); --soft: light-dark(#4a5361, #aab4c2); }
body { font: 16px/1.55 system-ui, "Noto Sans KR", sans-serif; max-width: 54rem; margin: 2.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; }
h2 { font-size: 1.1rem; margin-top: 2rem; }
[lang=ko] { color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .5rem .6rem .5rem 0; border-bottom: 1px solid var(--line); }
code { font-family: ui-monospace, monospace; font-size: .92em; white-space: nowrap; }
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PoseDeck pose server</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>PoseDeck pose server</h1>
<p>Version {version}. Our own engine answers here in the vendors' wire formats; it is not the vendors' model.
<br><span lang="ko">버전 {version}. 자체 엔진이 공급사의 응답 형식으로 답합니다. 공급사의 모델이 아닙니다.</span></p>
<h2>Endpoints <span lang="ko">엔드포인트</span></h2>
<div class="scroll" tabindex="0" role="region" aria-label="Endpoints">
<table>
<thead><tr><th scope="col">Method</th><th scope="col">Path</th><th scope="col">Purpose</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
<p>* asks for the token in the data folder. <span lang="ko">* 데이터 폴더의 토큰이 필요합니다.</span></p>
<p>Each route in full: <a href="openapi.json">openapi.json</a>. State of the engine: <a href="health">health</a>.
<br><span lang="ko">각 경로의 자세한 설명은 openapi.json, 엔진 상태는 health에서 볼 수 있습니다.</span></p>
<h2>How the keypoints come about <span lang="ko">키포인트를 구하는 방법</span></h2>
<p>Kakao's form: {kakao_method}. NHN's form: {nhn_method}. The two differ on purpose. Both answer up to {max_people}
people of a picture, best first.
<br><span lang="ko">Kakao 형식: {kakao_method_ko}. NHN 형식: {nhn_method_ko}. 두 방식은 의도적으로 다릅니다.
둘 다 한 사진에서 최대 {max_people}명까지, 확실한 사람부터 답합니다.</span></p>
<h2>Demo credentials <span lang="ko">데모 인증 정보</span></h2>
<div class="scroll" tabindex="0" role="region" aria-label="Demo credentials">
<table>
<tbody>
<tr><th scope="row">Remo Email</th><td><code>{email}</code></td></tr>
<tr><th scope="row">Remo UserKey</th><td><code>{user_key}</code></td></tr>
<tr><th scope="row">Remo APIKey</th><td><code>{api_key}</code></td></tr>
<tr><th scope="row">Kakao Authorization</th><td><code>KakaoAK {kakao_key}</code></td></tr>
<tr><th scope="row">NHN appKey</th><td><code>{app_key}</code></td></tr>
<tr><th scope="row">NHN Authorization</th><td><code>{secret_key}</code></td></tr>
</tbody>
</table>
</div>
<p>Remo's account starts with {credit} credits; an analysis costs one. Kakao's and NHN's routes take no credit.
<br><span lang="ko">Remo 계정은 처음에 {credit} 크레딧이 있으며 분석 한 번에 1 크레딧을 씁니다.
Kakao와 NHN 경로는 크레딧을 쓰지 않습니다.</span></p>
</main>
</body>
</html>
"""

_ROW = (
    "<tr><td><code>{method}</code></td><td><code>{path}</code>{star}</td>"
    '<td>{summary}<br><span lang="ko">{summary_ko}</span></td></tr>'
)


def home_page(operations: Iterable[Operation]) -> Response:
    """The page as an answer. Links are relative, so it also works under a prefix."""
    email, user_key, api_key = DEMO_ACCOUNT
    app_key, secret_key = DEMO_NHN_KEYS
    rows = (
        _ROW.format(
            method=operation.method,
            path=escape(operation.path),
            star=" *" if operation.security == OWN_TOKEN else "",
            summary=escape(operation.summary),
            summary_ko=escape(operation.summary_ko),
        )
        for operation in operations
    )
    page = _PAGE.format(
        style=_STYLE,
        version=__version__,
        rows="\n".join(rows),
        email=email,
        user_key=user_key,
        api_key=api_key,
        credit=DEMO_CREDIT,
        kakao_key=DEMO_KAKAO_KEY,
        app_key=app_key,
        secret_key=secret_key,
        max_people=MAX_PEOPLE,
        kakao_method=KAKAO_METHOD["en"],
        kakao_method_ko=KAKAO_METHOD["ko"],
        nhn_method=NHN_METHOD["en"],
        nhn_method_ko=NHN_METHOD["ko"],
    )
    headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return Response(page, headers=headers, media_type=HTML)
