"""Whoever ends a command ends all that it started, within a second: with Ctrl-C, SIGTERM, SIGHUP, or by killing it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import SEVEN, parts_of, sheet_part, write_parts
from tests.digits import draw
from tests.evaluation.data import write_idx

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc"),
    pytest.mark.slow,
]

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGKILL: -signal.SIGKILL}
SOON = 1.0  # seconds; a busy machine gets more, see `patience`


def stat(process: int) -> list[str]:
    """State, parent, … of a process; nothing, if there is none."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def is_alive(process: int) -> bool:
    found = stat(process)
    return bool(found) and found[0] not in "ZX"


def descendants(process: int) -> list[int]:
    parents = {int(p.name): stat(int(p.name)) for p in Path("/proc").iterdir() if p.name.isdecimal()}
    found, todo = [], [process]
    while todo:
        parent = todo.pop()
        children = [child for child, line in parents.items() if line and int(line[1]) == parent]
        found += children
        todo += children
    return found


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def patience() -> float:
    return SOON * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.fixture(scope="module")
def endless(seven: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook whose formulas take for ever."""
    parts, rows = parts_of(seven), range(1000, 40_000)
    formula = "SUMPRODUCT($J$1000:$J$40000,$J$1000:$J$40000)"
    cells = (f'<row r="{k}"><c r="J{k}"><v>{k}</v></c><c r="K{k}"><f>{formula}+{k}</f><v>0</v></c></row>' for k in rows)
    name = sheet_part("guide")
    parts[name] = parts[name].replace(b"</sheetData>", "".join(cells).encode() + b"</sheetData>")
    return write_parts(parts, tmp_path_factory.mktemp("endless") / "slow.xlsx")


def ended(
    arguments: list[str], sign: signal.Signals, folder: Path, ready: Callable[[list[int]], bool], times: int = 1
) -> tuple[int, bytes, bytes]:
    """Start a command, end it as soon as what it has started is `ready`; nothing may be left of it or of its temporary files."""
    rest = Path(tempfile.mkdtemp(prefix="rest-"))  # a short name, for sockets
    process = subprocess.Popen(
        [sys.executable, "-m", "xlcnn", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=os.environ | {"TMPDIR": str(rest)},
    )
    deadline = time.monotonic() + 60
    while not ready(started := descendants(process.pid)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    for _ in range(times):
        process.send_signal(sign)
    asked, allowed = time.monotonic(), patience()
    out, err = process.communicate(timeout=30)
    while any(map(is_alive, started)) and time.monotonic() < asked + 10:
        time.sleep(0.01)
    assert time.monotonic() - asked < allowed, [command(p) for p in started]
    deadline = time.monotonic() + 5
    while list(rest.glob("xlcnn-*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert list(rest.glob("xlcnn-*")) == []
    shutil.rmtree(rest)
    return process.returncode, out, err


def computing(started: list[int]) -> bool:
    """The engine has been busy for half a second."""
    tick = os.sysconf("SC_CLK_TCK")
    return any(len(line := stat(p)) > 11 and int(line[11]) > 1.5 * tick for p in started)


@pytest.mark.parametrize("sign", CODES, ids=lambda sign: sign.name)
def test_a_verification_that_computes(sign: signal.Signals, endless: Path, tmp_path: Path) -> None:
    arguments = ["verify", str(endless), "--trials", "0", "--html", "report.html"]
    assert ended(arguments, sign, tmp_path, computing) == (CODES[sign], b"", b"")
    assert not (tmp_path / "report.html").exists()


def test_an_impatient_user(endless: Path, tmp_path: Path) -> None:
    code, out, err = ended(["verify", str(endless), "--trials", "0"], signal.SIGINT, tmp_path, computing, times=5)
    assert code in (130, -signal.SIGINT)  # which a shell calls 130
    assert (out, err) == (b"", b"")


def runs(*programs: str) -> Callable[[list[int]], bool]:
    return lambda started: any(any(program in command(p) for program in programs) for p in started)


VERIFY, RENDER = ["verify", "{}", "--trials", "20", "--engine"], ["render", "{}", "-o", "pictures"]
PROGRAMS = [
    pytest.param([*VERIFY, "libreoffice"], runs("soffice.bin"), marks=pytest.mark.libreoffice, id="libreoffice"),
    pytest.param([*VERIFY, "gnumeric"], runs("ssconvert --recalc"), marks=pytest.mark.gnumeric, id="gnumeric"),
    pytest.param(RENDER, runs("soffice.bin"), marks=pytest.mark.libreoffice, id="render"),
    pytest.param(RENDER, runs("pdftoppm -png"), marks=pytest.mark.libreoffice, id="pdftoppm"),
]


@pytest.mark.parametrize(("arguments", "ready"), PROGRAMS)
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda sign: sign.name)
def test_another_program(
    arguments: list[str], ready: Callable[[list[int]], bool], sign: signal.Signals, seven: Path, tmp_path: Path
) -> None:
    code, out, err = ended([a.format(seven) for a in arguments], sign, tmp_path, ready)
    assert (code, out, err) == (CODES[sign], b"", b"")
    assert not (tmp_path / "pictures").exists()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda sign: sign.name)
def test_pictures_that_are_read_by_several_processes(sign: signal.Signals, tmp_path: Path) -> None:
    draw("3").resize((6000, 6000)).convert("L").save(tmp_path / "large.png", compress_level=1)  # seconds for a batch of them
    code, out, err = ended(["predict", *["large.png"] * 400], sign, tmp_path, lambda started: len(started) >= 3)
    assert (code, out) == (CODES[sign], b"")
    assert err == b"" or sign is signal.SIGKILL, "multiprocessing itself has a word to say of semaphores"


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda sign: sign.name)
def test_workbooks_that_are_made_by_several_processes(sign: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for k in range(40):
        draw("3", size=(80, 80), pen=5).save(tmp_path / "photos" / f"{k}.png")
    made = tmp_path / "outputs"
    code, out, err = ended(["make", "photos", "--json"], sign, tmp_path, lambda _: len(list(made.glob("*.xlsx"))) >= 2)
    assert (code, out) == (CODES[sign], b"")
    assert err == b"" or sign is signal.SIGKILL
    books = list(made.glob("*.xlsx"))
    assert 2 <= len(books) < 40
    assert all(zipfile.ZipFile(book).testzip() is None for book in books)
    assert sign is signal.SIGKILL or set(made.iterdir()) == set(books), "something is half written"


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda sign: sign.name)
def test_an_evaluation_of_very_many_pictures(sign: signal.Signals, jobs: str, seven: Path, tmp_path: Path) -> None:
    """What is left is a file of whole lines, from which the same command goes on."""
    write_idx(tmp_path / "mnist", images=np.zeros((5000, 28, 28), np.uint8), labels=np.zeros(5000, np.uint8))
    kept = tmp_path / "kept.jsonl"
    arguments = ["evaluate", str(seven), "--mnist", "mnist", "--jobs", jobs, "--resume", kept.name, "--html", "page.html"]
    code, out, err = ended(arguments, sign, tmp_path, lambda _: kept.exists() and kept.read_bytes().count(b"\n") > 20)
    assert (code, out) == (CODES[sign], b"")
    assert err == b"" or sign is signal.SIGKILL
    assert {path.name for path in tmp_path.iterdir()} == {"mnist", kept.name}
    assert all(json.loads(line) for line in kept.read_bytes().splitlines())


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda sign: sign.name)
def test_an_evaluation_by_a_cluster(sign: signal.Signals, cluster: str, seven: Path, tmp_path: Path) -> None:
    """The cluster does not go on with what nobody waits for; its workers stay, for others."""
    from distributed import Client

    write_idx(tmp_path / "mnist", images=np.zeros((5000, 28, 28), np.uint8), labels=np.zeros(5000, np.uint8))
    kept = tmp_path / "kept.jsonl"
    arguments = ["evaluate", str(seven), "--mnist", "mnist", "--scheduler", cluster, "--resume", kept.name]
    code, out, err = ended(arguments, sign, tmp_path, lambda _: kept.exists() and kept.read_bytes().count(b"\n") > 20)
    assert (code, out, err) == (CODES[sign], b"", b"")
    assert all(json.loads(line) for line in kept.read_bytes().splitlines())
    with Client(cluster, set_as_default=False) as client:
        deadline = time.monotonic() + 10
        while client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert len(client.nthreads()) == 2


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda sign: sign.name)
def test_at_any_moment_of_make_nothing_is_half_done(sign: signal.Signals, tmp_path: Path) -> None:
    for k in range(8):
        folder = tmp_path / str(k)
        folder.mkdir()
        process = subprocess.Popen(
            [sys.executable, "-m", "xlcnn", "make", str(SEVEN), "-o", "x.xlsx"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=folder,
        )
        time.sleep(0.2 + 0.12 * k)
        process.send_signal(sign)
        _, err = process.communicate(timeout=30)
        left = list(folder.iterdir())
        assert left in ([], [folder / "x.xlsx"])
        assert all(zipfile.ZipFile(made).testzip() is None for made in left)
        if process.returncode == -sign or b"<frozen importlib" in err or b"site.py" in err:
            continue  # Python was still starting, or ending, and knew nothing of us
        assert err == b""
        assert process.returncode in (0, CODES[sign])
        assert left or process.returncode  # ended just after the file had its name, it leaves it whole


def test_what_is_ignored_stays_ignored(seven: Path, tmp_path: Path) -> None:
    """As ``nohup`` starts a command, and a shell what stands before an ``&``."""

    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    process = subprocess.Popen(
        [sys.executable, "-m", "xlcnn", "verify", str(seven)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=ignore
    )
    for sign in (signal.SIGHUP, signal.SIGINT):
        time.sleep(0.3)
        process.send_signal(sign)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert b"verified" in out


def test_a_python_that_is_killed_while_it_verifies(endless: Path, tmp_path: Path) -> None:
    script = f"from xlcnn import verify\nverify({str(endless)!r}, trials=0)"
    process = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path)
    deadline = time.monotonic() + 60
    while not computing(started := descendants(process.pid)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.wait()
    asked, allowed = time.monotonic(), patience()
    while any(map(is_alive, started)) and time.monotonic() < asked + 10:
        time.sleep(0.01)
    assert time.monotonic() - asked < allowed


def test_a_command_that_is_deep_in_a_computation_ends_all_the_same() -> None:
    """Python runs no signal handler while C computes."""
    script = (
        "import ctypes\n"
        "from xlcnn.console.signals import answered\n"
        "with answered():\n"
        "    print('begins', flush=True)\n"
        "    while True:\n"
        "        try: ctypes.CDLL(None).sleep(30)\n"
        "        except BaseException: pass  # it is lost, as in a destructor\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.3)  # until it is deep in it
    process.send_signal(signal.SIGTERM)
    start, allowed = time.monotonic(), patience()
    assert process.wait(30) == 143
    assert time.monotonic() - start < allowed
    process.stdout.close()
