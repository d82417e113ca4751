"""A page that is really served, to a real port; a way to ask it as a browser would, and as one would not."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from xlcnn import find_template, list_templates
from xlcnn.drawing.app import app
from xlcnn.drawing.gate import Gate
from xlcnn.drawing.serve import listening, server


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def text(self) -> str:
        return self.data.decode()


@dataclass
class Page:
    """The served page; `ask` sends a request as its own script does, with what is given in place of that or besides."""

    gate: Gate
    port: int
    cookie: str = field(default="")

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: bytes | Iterator[bytes] | None = None, **headers: str | None) -> Answer:
        """Header names have ``_`` in place of ``-``; one that is None is not sent."""
        sent = {"Host": self.host, "Cookie": self.cookie} | ({"Origin": f"http://{self.host}"} if method == "POST" else {})
        for name, value in headers.items():
            sent.pop(name.replace("_", "-").title(), None)
            if value is not None:
                sent[name.replace("_", "-").title()] = value
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            chunked = body is not None and not isinstance(body, bytes)
            if chunked:
                sent["Transfer-Encoding"] = "chunked"
            elif body is not None:
                sent.setdefault("Content-Length", str(len(body)))
            for name, value in sent.items():
                line.putheader(name, value)
            with suppress(BrokenPipeError, ConnectionResetError):  # it may be refused before all is sent
                line.endheaders(body, encode_chunked=chunked)
            answer = line.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            line.close()


@contextmanager
def served() -> Iterator[Page]:
    """A page whose address nobody has opened yet."""
    listener = listening(0)
    port = listener.getsockname()[1]
    gate = Gate(app({each.name: each for each in list_templates()}, "lesson", "en"), port)
    running = server(gate)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield Page(gate, port)
    running.should_exit = True
    thread.join(10)


@pytest.fixture
def unopened() -> Iterator[Page]:
    with served() as page:
        yield page


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page that the browser has opened: it has the key."""
    with served() as found:
        welcome = found.ask("GET", f"/?token={found.gate.token}", cookie=None)
        found.cookie = welcome.headers["set-cookie"].partition(";")[0]
        yield found


LESSON = find_template("lesson")
