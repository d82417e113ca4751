"""Stands between xlcnn and everything that it starts, so that nothing outlives the command. Run by its path, on its own:

    python -I -S guard.py MEGABYTES FOLDER COMMAND…

Its standard input is a lifeline: a line with a number, so many bytes for the command's own input, then nothing. When anything
more comes, or the line breaks because xlcnn is no more (killed, crashed), the command and all that it started are ended. They
are also where the command itself ends, and where it holds more than MEGABYTES (0: somebody else sees to that). If the line
breaks, FOLDER is removed, if it is not empty: nobody else will. The exit code is the command's, 128 + n if signal n ended it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from typing import Any

TOO_MUCH = 124  # the exit code where the command held more memory than it may
PERIOD = 0.5  # seconds between two looks at the memory
GROUPS = hasattr(os, "killpg")


def main(megabytes: int, folder: str, command: list[str]) -> int:
    own: dict[str, Any] = {"process_group": 0} if GROUPS else {}
    asked, children = threading.Event(), list[subprocess.Popen[bytes]]()

    def stop(*_: object) -> None:
        """A system that shuts down asks every process, perhaps this one before it knows what it has started."""
        asked.set()
        for started in children:
            end(started)

    signal.signal(signal.SIGTERM, stop)
    child = subprocess.Popen(command, stdin=subprocess.PIPE, **own)
    children.append(child)
    if asked.is_set():
        end(child)
    broken = threading.Event()
    threading.Thread(target=watch, args=(child, broken), daemon=True).start()
    code = wait(child, megabytes)
    end(child)  # what it has left behind
    if folder and broken.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    return 128 - code if code < 0 else code


def watch(child: subprocess.Popen[bytes], broken: threading.Event) -> None:
    """Hand on the input, then hold the lifeline until it ends."""
    source = sys.stdin.buffer
    try:
        data = source.read(int(source.readline() or 0))
        if child.stdin is not None:
            child.stdin.write(data)
            child.stdin.close()
    except (OSError, ValueError):
        pass  # a command that reads nothing
    if not source.read(1):
        broken.set()
    end(child)


def wait(child: subprocess.Popen[bytes], megabytes: int) -> int:
    while True:
        try:
            return child.wait(PERIOD if megabytes else None)
        except subprocess.TimeoutExpired:
            if kilobytes(child.pid) > megabytes * 1024:
                end(child)
                child.wait()
                return TOO_MUCH


def end(child: subprocess.Popen[bytes]) -> None:
    """End the command and whatever it started."""
    try:
        if GROUPS:
            os.killpg(child.pid, signal.SIGKILL)
        elif child.poll() is None:
            subprocess.run(["taskkill", "/f", "/t", "/pid", str(child.pid)], capture_output=True, check=False)
    except OSError:
        pass  # gone already


def kilobytes(process: int) -> int:
    """The memory that a process holds, as the system's own program says; 0 where it says nothing."""
    asked = ["ps", "-o", "rss=", "-p", str(process)]
    if os.name == "nt":
        asked = ["tasklist", "/fi", f"PID eq {process}", "/fo", "csv", "/nh"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    return last_number(said)


def last_number(said: str) -> int:
    """Of ``"python.exe","4711","Console","1","12.345 K"`` the 12345: each language groups digits in its own way."""
    return int(re.sub(r"\D", "", said.rpartition(',"')[2]) or 0)


if __name__ == "__main__":
    os._exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))  # the watch still holds its stream
