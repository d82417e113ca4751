"""Ctrl-C, SIGTERM and SIGHUP become one exception, which passes every ``finally`` on its way out; a second one ends at once."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last is Windows's Ctrl-Break
LAST_RESORT = 0.8  # seconds until the process ends without having tidied up


class Interrupted(BaseException):
    """Somebody wants the command to end; its exit code says with which signal, as shells expect: 130 is Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


@contextmanager
def answered() -> Iterator[None]:
    """Within, the signals raise `Interrupted`; those that are ignored (``nohup``, ``&`` in a script) stay ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are not ours to handle
        return
    numbers = [number for name in NAMES if (number := getattr(signal, name, None)) is not None]
    kept = {number: signal.getsignal(number) for number in numbers}
    handled = [number for number, before in kept.items() if before is not signal.SIG_IGN]

    def answer(number: int, _: FrameType | None) -> None:
        for each in handled:
            signal.signal(each, signal.SIG_DFL)
        raise Interrupted(number)

    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=insist, args=(reading, handled), daemon=True).start()
    try:
        for number in handled:
            signal.signal(number, answer)
        yield
    finally:
        for number in handled:
            signal.signal(number, kept[number])
        signal.set_wakeup_fd(before)
        os.close(writing)


def insist(reading: int, handled: list[int]) -> None:
    """End the process a moment after the first signal: Python may be deep in a computation, or stuck while tidying up."""
    with suppress(OSError):
        while data := os.read(reading, 1):
            if data[0] in handled:
                time.sleep(LAST_RESORT)
                os._exit(128 + data[0])
        os.close(reading)
