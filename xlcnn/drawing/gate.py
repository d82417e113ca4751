"""Who may ask for anything at all: the browser that was given the address, on its own page, on this machine.

Another page in the same browser can send requests to this address, and a name that it controls can be made to mean this
machine (DNS rebinding). So the Host must be ours, the Origin too where the browser says one, and all but the first request must
carry a key that only that browser has: it was given in exchange for the address's token, which is good once.
"""

from __future__ import annotations

import secrets
from secrets import compare_digest
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Sent with every answer. The page may load nothing from elsewhere, run nothing but its own script, stand in no other page.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
METHODS = ("GET", "HEAD", "POST")


class Refused(Exception):
    """A request that is not answered; `status` is HTTP's number for why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Gate:
    """Lets requests through to `app` that may be answered, on 127.0.0.1:`port`."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.app = app
        self.hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self.cookie = f"xlcnn-{port}"
        self.token: str | None = secrets.token_urlsafe(24)
        self.key = secrets.token_urlsafe(24)

    @property
    def address(self) -> str:
        """What the browser is to open, once."""
        return f"http://{self.hosts[0]}/?token={self.token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # no web sockets here, and nothing to be told of a server's life
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.answer(scope)(scope, receive, sealed)

    def answer(self, scope: Scope) -> ASGIApp:
        """What answers the request."""
        try:
            headers = Headers(scope=scope)
            self.check_source(scope["method"], headers)
            if self.is_known(headers):
                return RedirectResponse("/", 303) if scope["query_string"].startswith(b"token=") else self.app
            return self.welcome(scope)
        except Refused as refused:
            return PlainTextResponse(f"{refused}\n", refused.status)

    def check_source(self, method: str, headers: Headers) -> None:
        """Raises `Refused` for a request that did not come from our page, or from somebody who opened its address."""
        if method not in METHODS:
            raise Refused(405, f"{method} is not answered here")
        if len(headers.getlist("host")) != 1 or headers["host"] not in self.hosts:
            raise Refused(421, "this page has another address: the Host is not ours")
        origins = headers.getlist("origin")
        if origins not in ([], [f"http://{headers['host']}"]) or (method == "POST" and not origins):
            raise Refused(403, "only this page itself may ask: the Origin is not ours")
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise Refused(403, "only this page itself may ask, and no other one in its name")

    def is_known(self, headers: Headers) -> bool:
        """Whether the browser has the key, beside whatever cookies other programs on 127.0.0.1 have left: cookies know no ports."""
        cookies = (cookie.strip().partition("=") for header in headers.getlist("cookie") for cookie in header.split(";"))
        return any(name == self.cookie and same(value, self.key) for name, _, value in cookies)

    def welcome(self, scope: Scope) -> Response:
        """The key, for the token; which is then good no more. Raises `Refused`."""
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if scope["path"] != "/" or scope["method"] != "GET" or not given:
            raise Refused(401, "open the address that `xlcnn draw` has printed")
        if self.token is None or not same(given, self.token):
            raise Refused(403, "this address is good once, for one browser; start `xlcnn draw` again")
        self.token = None
        response = RedirectResponse("/", 303)
        response.set_cookie(self.cookie, self.key, httponly=True, samesite="strict")
        return response


def same(given: str, expected: str) -> bool:
    """Compared in a time that does not say how much of it was right."""
    return compare_digest(given.encode(), expected.encode())
