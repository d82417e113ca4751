"""An address of this machine alone, and the browser that opens it."""

from __future__ import annotations

import errno
import os
import signal
import socket
import webbrowser
from asyncio import Transport
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread, current_thread, main_thread

import numpy as np
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from xlcnn.drawing.app import app
from xlcnn.drawing.gate import Gate
from xlcnn.drawing.seen import seen
from xlcnn.errors import XlcnnError
from xlcnn.image.files import ImageFile
from xlcnn.lesson.templates import Template
from xlcnn.workbook.picture import picture_of

CONNECTIONS = 32  # at once; a browser has six
IDLE = 5  # seconds until a connection on which nothing is asked is closed


def serve(
    templates: Mapping[str, Template],
    first: str,
    language: str,
    port: int = 0,
    browsing: bool = True,
    say: Callable[[str], object] = print,
    debug: bool = False,
) -> None:
    """Serve the page until somebody interrupts it, and open it in the browser.

    `port` 0 is any that is free; `say` is told the address; with `debug`, what goes wrong in the server has a traceback. Raises
    `XlcnnError` where there is no browser, where the port cannot be had, and for what is wrong with the first template.
    """
    warm(templates[first], language)
    shown = browser() if browsing else None
    listener = listening(port)
    gate = Gate(app(templates, first, language), listener.getsockname()[1])
    say(gate.address)
    if shown is not None:  # beside the server, as some browsers are waited for until they have begun
        Thread(target=shown.open, args=(gate.address,), daemon=True).start()
    with hung_up(running := server(gate, debug)):
        running.run(sockets=[listener])


@contextmanager
def hung_up(running: uvicorn.Server) -> Iterator[None]:
    """Within, the end of the terminal (SIGHUP) ends the server first, as uvicorn sees to with Ctrl-C and SIGTERM."""
    number = getattr(signal, "SIGHUP", None)
    before = number and signal.getsignal(number)
    if number is None or before is signal.SIG_IGN or current_thread() is not main_thread():
        yield
        return
    ended: list[int] = []

    def end(number: int, frame: object) -> None:
        running.should_exit = True
        ended.append(number)

    signal.signal(number, end)
    try:
        yield
    finally:
        signal.signal(number, before)
    if ended:
        signal.raise_signal(number)


class Prompt(H11Protocol):
    """A connection on which nothing is asked within a few seconds is closed: anybody on this machine may open some."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.loop.call_later(IDLE, self.hurry)

    def hurry(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()


def warm(template: Template, language: str) -> None:
    """Read a picture of one stroke: what is loaded for the first one is there then, and what is wrong with a template is said."""
    stroke = np.zeros((1, 60, 60))
    stroke[0, 10:50, 28:32] = 1
    seen(ImageFile("a stroke", picture_of(stroke)), template, language=language)


def server(gate: Gate, debug: bool = False) -> uvicorn.Server:
    """What answers requests that come through the gate."""
    config = uvicorn.Config(
        gate,
        http=Prompt,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error" if debug else "critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def listening(port: int) -> socket.socket:
    """A socket on 127.0.0.1; port 0 is any that is free. Raises `XlcnnError` where the port cannot be had."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, or asyncio lets answers wait 40 ms
    try:
        if os.name == "posix":  # elsewhere it would let two programs have the port
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        elif hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        found.bind(("127.0.0.1", port))
        found.listen(CONNECTIONS)
    except OSError as error:
        found.close()
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
        raise XlcnnError(f"port {port} {reason}; give another --port, or none for any that is free") from None
    return found


NO_BROWSER = "no browser was found here; give --no-browser, and open the address that is printed yourself"
OF_TERMINALS = {"w3m", "lynx", "links", "elinks", "www-browser"}  # they run no scripts


def browser() -> webbrowser.BaseBrowser:
    """The browser of whoever sits here. Raises `XlcnnError` where there is none, or only one for terminals."""
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        raise XlcnnError(NO_BROWSER) from None
    if os.path.basename(getattr(found, "name", "")) in OF_TERMINALS:
        raise XlcnnError(NO_BROWSER)
    return found
