"""A request as one that may come in, or as a refusal: Host, token, origin and form token; and the headers that every answer carries.

Written as plain ASGI, around everything else, so that no page can be added that is not guarded.

- Host must be a name of this server (a page elsewhere could rebind its own name to the loopback address).
- With a token: it comes once as ?token=..., then as a cookie.
- A POST must come from this server's own pages (Origin) and carry the token of the form, made from a cookie by a secret of the process.
"""

import hashlib
import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from siren.web.settings import WebSettings

VISITOR, PASS = "siren_visitor", "siren_pass"
FORM_FIELD = "form_token"
MAX_FORM = 64_000  # bytes; a rule has at most 4,000 characters

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Stands before the pages."""

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self._app = app
        self._settings = settings
        self._secret = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # there are no web sockets here
        headers = Headers(scope=scope)
        cookies = _cookies(headers.get("cookie", ""))
        visitor = cookies.get(VISITOR) or secrets.token_urlsafe(16)
        refusal = self._refuse_host(headers) or self._ask_for_token(scope, cookies)
        body = b""
        if refusal is None and scope["method"] not in ("GET", "HEAD"):
            body, refusal = await self._admit_form(headers, visitor, receive)
        scope.setdefault("state", {})["form_token"] = self._form_token(visitor)
        answer = self._with_headers(send, visitor if VISITOR not in cookies else None)
        app = refusal or self._app
        await app(scope, _replay(body) if body else receive, answer)

    def _refuse_host(self, headers: Headers) -> Response | None:
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        if host.lower() in self._settings.hosts:
            return None
        return _refusal(421, f"This server does not answer to the name '{host[:80]}'. Start it with --name {host[:80]} if it should.")

    def _ask_for_token(self, scope: Scope, cookies: dict[str, str]) -> Response | None:
        token = self._settings.token
        if not token or _same(cookies.get(PASS, ""), self._pass(token)):
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if not _same(dict(query).get("token", ""), token):
            return _refusal(401, "This server asks for its token: open the address with ?token=... that siren serve printed.")
        left = urlencode([pair for pair in query if pair[0] != "token"])
        answer = RedirectResponse(scope["path"] + (f"?{left}" if left else ""), status_code=303)
        answer.set_cookie(PASS, self._pass(token), httponly=True, samesite="strict")
        return answer

    async def _admit_form(self, headers: Headers, visitor: str, receive: Receive) -> tuple[bytes, Response | None]:
        """The body of a form that comes from one of our own pages, or a refusal."""
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
            return b"", _refusal(403, f"This form was sent from {origin[:80]}, not from these pages; nothing was changed.")
        body = await _read(receive)
        if body is None:
            return b"", _refusal(413, f"Expected a form of at most {MAX_FORM} bytes; nothing was changed.")
        given = dict(parse_qsl(body.decode("utf-8", "replace"))).get(FORM_FIELD, "")
        if not _same(given, self._form_token(visitor)):
            return b"", _refusal(
                403, "The form has no valid token: it was not opened in this browser, or the server has been started anew."
            )
        return body, None

    def _form_token(self, visitor: str) -> str:
        return hmac.new(self._secret, visitor.encode(), hashlib.sha256).hexdigest()

    def _pass(self, token: str) -> str:
        return hmac.new(self._secret, b"pass " + token.encode(), hashlib.sha256).hexdigest()

    def _with_headers(self, send: Send, visitor: str | None) -> Send:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
                if visitor is not None:
                    headers.append("set-cookie", f"{VISITOR}={visitor}; HttpOnly; Path=/; SameSite=Strict")
            await send(message)

        return answer


def _refusal(code: int, sentence: str) -> Response:
    return PlainTextResponse(f"{sentence}\n", status_code=code)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


async def _read(receive: Receive) -> bytes | None:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > MAX_FORM or message["type"] == "http.disconnect":
            return None
        if not message.get("more_body", False):
            return body


def _replay(body: bytes) -> Receive:
    """The body once more, for the page behind the guard."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
