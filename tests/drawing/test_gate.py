"""Only the browser that was given the address is answered, and only its own page may ask."""

import socket

import pytest

from tests.conftest import SEVEN
from tests.drawing.conftest import Page
from xlcnn.drawing import app

PNG = SEVEN.read_bytes()


def test_the_address_is_good_once(unopened: Page) -> None:
    address = unopened.gate.address
    token = address.partition("token=")[2]
    assert address.startswith(f"http://127.0.0.1:{unopened.port}/?token=")
    first = unopened.ask("GET", f"/?token={token}", cookie=None)
    assert (first.status, first.headers["location"]) == (303, "/"), "the token does not stay in the address"
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    again = unopened.ask("GET", f"/?token={token}", cookie=None)
    assert again.status == 403
    assert again.text == "this address is good once, for one browser; start `xlcnn draw` again\n"
    unopened.cookie = cookie.partition(";")[0]
    assert unopened.ask("GET", f"/?token={token}").status == 303, "the same browser may open it again"
    assert unopened.ask("GET", "/").status == 200


def test_a_wrong_token_does_not_use_up_the_right_one(unopened: Page) -> None:
    token = unopened.gate.token
    for wrong in (f"{token}x", "", "x" * 5000, "%00", "%ff"):
        assert unopened.ask("GET", f"/?token={wrong}", cookie=None).status in (401, 403)
    assert unopened.ask("GET", f"/?token={token}", cookie=None).status == 303


HOSTILE = {
    "without the key": ("GET", "/", None, {"cookie": None}, 401),
    "a part without the key": ("GET", "/page.js", None, {"cookie": None}, 401),
    "a reading without the key": ("POST", "/read", PNG, {"cookie": None}, 401),
    "a key that was guessed": ("GET", "/", None, {"cookie": "xlcnn-{port}=guessed"}, 401),
    "the key of another port": ("GET", "/", None, {"cookie": "xlcnn-1=x"}, 401),
    "a cookie that is none": ("GET", "/", None, {"cookie": "\x01;;;=;"}, 401),
    "a name that was made to mean this machine": ("GET", "/", None, {"host": "evil.example"}, 421),
    "such a name with our port": ("GET", "/", None, {"host": "evil.example:{port}"}, 421),
    "a name that begins as ours": ("GET", "/", None, {"host": "127.0.0.1.evil.example:{port}"}, 421),
    "another port of ours": ("GET", "/", None, {"host": "127.0.0.1:1"}, 421),
    "no Host": ("GET", "/", None, {"host": None}, 400),  # h11's
    "another page's script": ("POST", "/read", PNG, {"origin": "http://evil.example"}, 403),
    "a page of another port": ("POST", "/read", PNG, {"origin": "http://127.0.0.1:1"}, 403),
    "a sandboxed page": ("POST", "/read", PNG, {"origin": "null"}, 403),
    "a form without Origin": ("POST", "/workbook", PNG, {"origin": None}, 403),
    "another page that reads": ("GET", "/start", None, {"origin": "http://evil.example"}, 403),
    "another page that embeds": ("GET", "/page.js", None, {"sec_fetch_site": "cross-site"}, 403),
    "a page of another port that embeds": ("GET", "/page.js", None, {"sec_fetch_site": "same-site"}, 403),
    "a method that nobody needs": ("TRACE", "/", None, {}, 405),
    "one that asks for permission": ("OPTIONS", "/read", None, {"origin": "http://evil.example"}, 405),
    "one that changes": ("DELETE", "/", None, {}, 405),
    "a file beside the page": ("GET", "/../app.py", None, {}, 404),
    "a file of the machine": ("GET", "/%2e%2e/%2e%2e/etc/passwd", None, {}, 404),
    "a reading by GET": ("GET", "/read", None, {}, 405),
    "nothing": ("POST", "/read", b"", {}, 400),
    "too much, said at once": ("POST", "/read", None, {"content_length": str(2**40)}, 413),
    "a length that is none": ("POST", "/read", None, {"content_length": "-1"}, 400),
    "a template that is a path": ("POST", "/read?template=../../etc", PNG, {}, 404),
    "a digit that is none": ("POST", "/read?pick=-1", PNG, {}, 400),
    "a digit of many digits": ("POST", "/read?pick=" + "9" * 5000, PNG, {}, 400),
    "a sample that is none": ("GET", "/sample/999", None, {}, 422),
    "a sample of many digits": ("GET", "/sample/" + "9" * 5000, None, {}, 400),
    "no picture": ("POST", "/read", b"<svg xmlns='http://www.w3.org/2000/svg'/>", {}, 422),
    "a picture that is cut short": ("POST", "/workbook", PNG[:100], {}, 422),
    "no workbook": ("POST", "/verify", b"PK\x03\x04" + bytes(100), {}, 422),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_request_is_refused(page: Page, kind: str) -> None:
    method, path, body, headers, status = HOSTILE[kind]
    filled = {name: value and value.replace("{port}", str(page.port)) for name, value in headers.items()}
    answer = page.ask(method, path, body, **filled)
    assert answer.status == status, answer.text
    assert answer.text.count("\n") <= 1, "one sentence"
    assert "Traceback" not in answer.text
    assert page.ask("GET", "/").status == 200, "and the page goes on"


def test_what_comes_in_pieces_is_bounded_too(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "PICTURE_BYTES", 1000)
    assert page.ask("POST", "/read", iter([bytes(600), bytes(600)])).status == 413
    assert page.ask("POST", "/read", iter([bytes(300), bytes(300)])).status == 422, "no picture, but not too large"


def test_a_web_socket_is_not_opened(page: Page) -> None:
    answer = page.ask("GET", "/", connection="Upgrade", upgrade="websocket", sec_websocket_key="eA==", sec_websocket_version="13")
    assert answer.status != 101


def test_it_is_there_for_this_machine_alone(page: Page) -> None:
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    for address in [*others, "127.0.0.2"]:
        with pytest.raises(OSError, match=r"refused|unreachable|timed out"):
            socket.create_connection((address, page.port), timeout=2).close()


SEALED = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data: blob:",
    "connect-src": "'self'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'", "trusted-types": "'none'",
}  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/page.js", "/nothing", "/start"])
@pytest.mark.parametrize("known", [True, False])
def test_every_answer_is_sealed(page: Page, path: str, known: bool) -> None:
    answer = page.ask("GET", path) if known else page.ask("GET", path, cookie=None)
    assert {name: answer.headers[name] for name in SEALED} == SEALED
    assert dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")) == POLICY
    assert "server" not in answer.headers


@pytest.mark.parametrize(("method", "path"), [("HEAD", "/"), ("POST", "/"), ("GET", "/page.js")])
def test_the_token_is_taken_nowhere_else(unopened: Page, method: str, path: str) -> None:
    token = unopened.gate.token
    assert unopened.ask(method, f"{path}?token={token}", cookie=None).status == 401
    assert unopened.ask("GET", f"/?token={token}", cookie=None).status == 303, "and is still good"


OTHERS = ['prefs={"theme":"dark"}', 'prefs={"a": 1}', "my name=x", "n=käse", "bare", "a[b]=1", "xlcnn-{port}=another"]


@pytest.mark.parametrize("other", OTHERS)
def test_cookies_of_other_programs_lock_nobody_out(page: Page, other: str) -> None:
    """Cookies know no ports: whatever runs on 127.0.0.1 leaves its own there."""
    other = other.replace("{port}", str(page.port)).encode().decode("latin-1")
    for cookies in (f"{other}; {page.cookie}", f"{page.cookie}; {other}"):
        assert page.ask("GET", "/", cookie=cookies).status == 200
    assert page.ask("GET", "/", cookie=other).status == 401
