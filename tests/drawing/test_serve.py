"""An address of this machine alone, and the browser that opens it."""

import socket
import webbrowser

import pytest

from xlcnn import XlcnnError
from xlcnn.drawing.serve import NO_BROWSER, browser, listening


def test_any_port_that_is_free() -> None:
    with listening(0) as first, listening(0) as second:
        assert first.getsockname()[0] == "127.0.0.1"
        assert first.getsockname()[1] != second.getsockname()[1]


def test_a_port_in_use() -> None:
    with listening(0) as first:
        port = first.getsockname()[1]
        with pytest.raises(XlcnnError, match=rf"^port {port} is in use; give another --port, or none for any that is free$"):
            listening(port)
    listening(port).close()


def test_answers_do_not_wait_to_be_acknowledged() -> None:
    with listening(0) as found:
        assert found.proto == socket.IPPROTO_TCP, "else asyncio does not set TCP_NODELAY, and each answer takes 40 ms"


def test_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(using: object = None) -> webbrowser.BaseBrowser:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    with pytest.raises(XlcnnError) as error:
        browser()
    assert str(error.value) == NO_BROWSER


@pytest.mark.parametrize("name", ["w3m", "/usr/bin/lynx", "elinks", "www-browser"])
def test_a_browser_for_terminals_runs_no_scripts(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser(name))
    with pytest.raises(XlcnnError, match="no browser"):
        browser()


@pytest.mark.parametrize("name", ["firefox", "wslview", "/opt/brave-browser"])
def test_any_other_is_a_browser(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    found = webbrowser.GenericBrowser(name)
    monkeypatch.setattr(webbrowser, "get", lambda: found)
    assert browser() is found
