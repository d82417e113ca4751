"""`draw`: the address is printed, the browser opened, and what cannot be is one sentence."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.cli.test_many import run
from xlcnn.drawing import serve


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A browser that only notes what it is to open; and a server that ends at once."""
    found: list[str] = []
    browser = webbrowser.BackgroundBrowser("a browser")
    monkeypatch.setattr(browser, "open", lambda url, *_: bool(found.append(url)) or True)
    monkeypatch.setattr(webbrowser, "get", lambda *_: browser)
    monkeypatch.setattr(serve.uvicorn.Server, "run", lambda self, sockets: [each.close() for each in sockets])
    return found


def test_the_address_is_printed_and_opened(opened: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "draw")
    assert (code, err) == (0, "")
    assert len(opened) == 1
    assert out == f"drawing at {opened[0]}\n(for one browser on this machine; Ctrl-C ends it)\n"


def test_no_browser_is_opened_where_none_is_wanted(opened: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "draw", "--no-browser")[0] == 0
    assert opened == []


@pytest.mark.parametrize(("arguments", "error"), [
    (["--template", "nothing"], "there is no template 'nothing'"),
    (["--language", "xx"], "template lesson has no words in 'xx'; it has: de, en, es, fr"),
    (["--port", "70000"], "70000 is not in the range"),
])  # fmt: skip
def test_what_cannot_be_served(opened: list[str], arguments: list[str], error: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "draw", *arguments)
    assert (code, out, opened) == (2, "", [])
    assert error in err
    assert "Traceback" not in err


def test_a_port_in_use(opened: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, out, err = run(capsys, "draw", "--port", port)
    assert (code, out, opened) == (2, "", [])
    assert err == f"Error: port {port} is in use; give another --port, or none for any that is free\n"


def test_no_browser_here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda *_: webbrowser.GenericBrowser("w3m"))
    code, out, err = run(capsys, "draw")
    assert (code, out) == (2, "")
    assert err == f"Error: {serve.NO_BROWSER}\n"


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delitem(sys.modules, "xlcnn.drawing.serve")
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    code, out, err = run(capsys, "draw")
    assert (code, out) == (2, "")
    assert err == "Error: the page needs uvicorn, which is not installed: pip install 'xlcnn[draw]'\n"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "xlcnn", "draw", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_is_served_until_somebody_ends_it(running: subprocess.Popen[str], tmp_path: Path, number: int) -> None:
    assert running.stdout is not None
    address = running.stdout.readline().split()[-1]
    opener = build_opener(HTTPCookieProcessor())
    with opener.open(address) as page:
        assert b'<canvas id="canvas"' in page.read()
    running.send_signal(number)
    assert running.wait(20) == 128 + number
    _, errors = running.communicate()
    assert errors == ""
    assert list(tmp_path.iterdir()) == [], "nothing was written"
