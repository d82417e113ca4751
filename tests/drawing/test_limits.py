"""How much may be asked: so much at once, so many bytes, in so much time."""

import json
import socket
import threading
import time
from pathlib import Path
from urllib.parse import quote

import anyio
import numpy as np
import pytest

from tests.conftest import SEVEN
from tests.drawing.conftest import LESSON, Page
from xlcnn import Network, NetworkError, XlcnnError
from xlcnn.drawing import app, limits, serve
from xlcnn.drawing.app import reported
from xlcnn.drawing.gate import Gate, Refused
from xlcnn.drawing.limits import WAITING, Turns
from xlcnn.drawing.seen import answered
from xlcnn.verifier.report import Problem, Report


def test_two_have_their_turn_eight_wait_and_the_next_is_sent_away() -> None:
    async def ask() -> None:
        turns, end = Turns(2), anyio.Event()
        begun, refused = [], []

        async def one(k: int) -> None:
            try:
                async with turns.turn():
                    begun.append(k)
                    await end.wait()
            except Refused as error:
                refused.append((k, error.status))

        async with anyio.create_task_group() as group:
            for k in range(2 + WAITING + 1):
                group.start_soon(one, k)
                await anyio.wait_all_tasks_blocked()
            assert begun == [0, 1]
            assert refused == [(2 + WAITING, 503)]
            end.set()
        assert sorted(begun) == [*range(2 + WAITING)], "whoever waited had its turn"

    anyio.run(ask)


def test_a_body_that_does_not_come(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATIENCE", 0.1)
    with socket.create_connection(("127.0.0.1", page.port), timeout=20) as line:
        fields = {"Host": page.host, "Origin": f"http://{page.host}", "Cookie": page.cookie, "Content-Length": "9"}
        head = "\r\n".join(["POST /read HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())])
        line.sendall(head.encode() + b"\r\n\r\nhalf")
        assert line.recv(4096).startswith(b"HTTP/1.1 408 ")


def test_a_connection_on_which_nothing_is_asked_is_closed(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "IDLE", 0.1)
    with socket.create_connection(("127.0.0.1", page.port), timeout=20) as line:
        assert line.recv(10) == b"", "closed by the page"
    with socket.create_connection(("127.0.0.1", page.port), timeout=20) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost:")
        assert line.recv(10) == b"", "half a request is none"


def test_what_the_server_allows() -> None:
    config = serve.server(Gate(app.app({"lesson": LESSON}, "lesson", "en"), 1)).config
    assert (config.limit_concurrency, config.timeout_keep_alive, config.ws, config.proxy_headers) == (32, 5, "none", False)
    assert config.timeout_graceful_shutdown == 1


def test_verifying_is_bounded(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {}

    def verify(file: object, **options: object) -> Report:
        asked.update(options)
        return Report(True, "an engine", "1", 3, None, (), ())

    monkeypatch.setattr(app, "verify", verify)
    assert page.ask("POST", "/verify", b"a workbook").status == 200
    assert asked == {"timeout": 60.0, "max_memory_mb": 4096, "difference_maps": False}


def test_very_many_problems_are_cut() -> None:
    problems = tuple(Problem("value", "Conv1", f"A{k}", 1.0, 2.0) for k in range(60))
    found = reported(Report(False, "an engine", "1", 3, None, (), problems), "a name")
    assert (len(found["problems"]), found["more"]) == (50, 10)
    assert found["problems"][0] == str(problems[0])


@pytest.mark.parametrize("name", ["a\r\nname", "\x1b[31mred", "x" * 900])
def test_a_name_is_one_line_of_bounded_length(page: Page, name: str) -> None:
    said = page.ask("POST", "/read", b"no picture", x_file_name=quote(name)).text
    assert said.isprintable()
    assert len(said) < 400


def test_what_nobody_expected_is_one_line(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("two\nlines\x1b")

    monkeypatch.setattr(app, "seen", break_down)
    answer = page.ask("POST", "/read", SEVEN.read_bytes())
    assert (answer.status, answer.text) == (500, "something unexpected went wrong (RuntimeError: two lines?)")


def test_facts_of_a_template(page: Page) -> None:
    told = {each["name"]: each for each in json.loads(page.ask("GET", "/start").data)["templates"]}
    assert told["lesson"] == {"name": "lesson", "languages": ["de", "en", "es", "fr"], "learning": True, "samples": 14}
    assert not told["lenet"]["learning"]
    assert page.ask("GET", "/sample/13").data == Path(LESSON.folder / "samples" / "13.png").read_bytes()


def test_a_network_that_computes_no_numbers_is_a_sentence() -> None:
    with pytest.raises(NetworkError, match="computes no probabilities"):
        answered(LESSON, np.full(10, np.nan), np.zeros((1, 28, 28)))


def test_a_template_that_does_not_work_is_said_before_anything_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    huge = {name: weight * 1e300 for name, weight in LESSON.network.weights.items()}
    monkeypatch.setitem(LESSON.__dict__, "network", Network(LESSON.network.layers, huge))
    said: list[str] = []
    with pytest.raises(XlcnnError, match="computes no probabilities"):
        serve.serve({"lesson": LESSON}, "lesson", "en", browsing=False, say=said.append)
    assert said == []


def test_signed_maps_are_said_to_be_so(page: Page) -> None:
    found = json.loads(page.ask("POST", "/read", SEVEN.read_bytes()).data)
    assert {layer["name"]: layer["signed"] for layer in found["layers"]} == {
        "conv1": True, "relu1": False, "conv2": True, "relu2": False, "maxpool": False, "dense": True, "softmax": False,
    }  # fmt: skip


def test_readings_are_not_done_in_the_servers_own_thread(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object) -> dict[str, str]:
        time.sleep(1.5)
        return {}

    monkeypatch.setattr(app, "seen", slow)
    reading = threading.Thread(target=page.ask, args=("POST", "/read", SEVEN.read_bytes()))
    reading.start()
    time.sleep(0.3)
    assert page.ask("GET", "/page.css").status == 200
    assert reading.is_alive(), "the page's parts are served meanwhile"
    reading.join()
