"""Many pictures are read in the order asked, by one process or several, with the same answers."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from tests.digits import draw
from xlcnn import ImageError, Network, load_image
from xlcnn.lesson import predict as module
from xlcnn.lesson.predict import Reading, Unread, read_all, read_digits
from xlcnn.network.network import Answer


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Twenty digits, in no order."""
    folder = tmp_path_factory.mktemp("drawings")
    paths = []
    for k, digit in enumerate("31415926535897932384"):
        paths.append(folder / f"{digit}_{k}.png")
        draw(digit, size=(80, 80), pen=5).save(paths[-1])
    return paths


def test_the_order_is_kept_and_two_processes_answer_like_one(drawings: list[Path], network: Network) -> None:
    alone = list(read_digits(network, drawings, jobs=1))
    assert [reading.path for reading in alone] == drawings
    right = sum(reading.label == int(reading.path.name[0]) for reading in alone)  # type: ignore[union-attr]
    assert right >= 18
    assert all(0.1 < reading.probability <= 1 for reading in alone)
    assert list(read_digits(network, drawings, jobs=2)) == alone


@pytest.mark.parametrize("jobs", [1, 2])
def test_all_the_rest_is_read_beside_bad_pictures(drawings: list[Path], network: Network, tmp_path: Path, jobs: int) -> None:
    missing = [tmp_path / f"missing{k}.png" for k in range(10)]  # the second batch holds nothing else
    paths = [*drawings[:5], missing[0], *drawings[5:7], *missing, *drawings[7:]]
    found = list(read_all(network, paths, jobs=jobs))
    assert [one.path for one in found] == paths
    read = [(one.path, one.label) for one in found if isinstance(one, Reading)]
    assert read == [(one.path, one.label) for one in read_digits(network, drawings)]
    assert all("cannot be read" in str(one.error) for one in found if isinstance(one, Unread))


def test_where_memory_is_short_pictures_are_answered_one_by_one(
    drawings: list[Path], network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = module.answered

    def short(network: Network, images: np.ndarray, likeness: None) -> list[Answer]:
        if len(images) > 1:
            raise MemoryError
        return real(network, images, likeness)

    monkeypatch.setattr(module, "answered", short)
    assert [one.label for one in read_all(network, drawings[:3]) if isinstance(one, Reading)] == [3, 1, 4]

    def none_at_all(*_: object) -> list[Answer]:
        raise MemoryError

    monkeypatch.setattr(module, "answered", none_at_all)
    found = list(read_all(network, [*drawings[:2], "gone.png"]))
    said = [str(unread.error).partition(" ")[2] for unread in found if isinstance(unread, Unread)]
    assert said == ["could not be read (there is not enough memory)"] * 2 + ["cannot be read: No such file or directory"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_digit_of_a_picture_is_read(drawings: list[Path], network: Network, tmp_path: Path, jobs: int) -> None:
    row = Image.new("RGB", (480, 160), (250, 248, 240))
    for k, digit in enumerate("205"):
        row.paste(draw(digit, (160, 160), 10), (160 * k, 0))
    row.save(tmp_path / "row.png")
    paths = [drawings[0], tmp_path / "row.png", drawings[1]]
    found = list(read_digits(network, paths * 4, jobs=jobs, every=True))
    assert [(one.path, one.digit, one.label) for one in found[:5]] == [
        (paths[0], 1, 3), (paths[1], 1, 2), (paths[1], 2, 0), (paths[1], 3, 5), (paths[2], 1, 1),
    ]  # fmt: skip
    assert [one.digit for one in found] == [1, 1, 2, 3, 1] * 4
    (third,) = read_digits(network, [paths[1]], pick=3)
    assert (third.digit, third.label, third.probability) == (3, 5, pytest.approx(found[3].probability))


def test_the_second_best_is_told(drawings: list[Path], network: Network) -> None:
    image = load_image(drawings[0])
    (found,) = read_digits(network, [drawings[0]])
    order = network.probabilities(image).argsort()
    assert (found.answer.label, found.answer.second) == (order[-1], order[-2])
    assert found.answer.second_probability == pytest.approx(network.probabilities(image)[order[-2]])


@pytest.mark.parametrize("jobs", [1, 2])
def test_one_bad_picture_is_named(drawings: list[Path], network: Network, tmp_path: Path, jobs: int) -> None:
    bad = tmp_path / "bad.png"
    bad.write_text("no image", encoding="utf-8")
    with pytest.raises(ImageError, match=r"bad\.png is not an image"):
        list(read_digits(network, [*drawings, bad, tmp_path / "missing.png"], jobs=jobs))


def test_what_comes_before_a_bad_picture_is_answered(drawings: list[Path], network: Network, tmp_path: Path) -> None:
    readings = read_digits(network, [*drawings[:11], tmp_path / "missing.png", *drawings[11:]], jobs=2)
    assert [next(readings).path for _ in range(11)] == drawings[:11]
    with pytest.raises(ImageError, match=r"missing\.png cannot be read"):
        next(readings)


def test_a_handful_of_pictures_and_standard_input_are_read_by_this_process(
    drawings: list[Path], network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlcnn.processes.pool.started", lambda *_: pytest.fail("processes were started"))
    assert len(list(read_digits(network, drawings))) == 20
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(drawings[0].read_bytes())))
    assert next(read_digits(network, ["-", *drawings], jobs=2)).label == 3
    assert list(read_digits(network, [])) == []


def test_a_folder_is_worth_every_core() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert module.processes(["a.png"] * 1000) == cores
    assert module.processes(["a.png"] * 5) == 1


def test_a_script_without_a_main_part_is_told_what_it_lacks(drawings: list[Path], tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys; from xlcnn import find_template; from xlcnn.lesson.predict import Reading, Unread, read_all, read_digits\n"
        "list(read_digits(find_template().network, sys.argv[1:], jobs=2))",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script, *drawings], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "XlcnnError: a process that does part of the work has ended" in done.stderr


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="sends a signal as a terminal does")
def test_ctrl_c_ends_every_process_without_a_traceback(drawings: list[Path]) -> None:
    script = (
        "import sys, xlcnn.lesson.predict as predict\n"
        "from xlcnn.cli import main\n"
        "read = predict.pooled\n"
        "def loud(*given):\n"
        "    for images in read(*given):\n"
        "        print('reading', flush=True)\n"
        "        yield images\n"
        "predict.pooled, predict.processes = loud, lambda paths: 2\n"
        "main(['predict', *sys.argv[1:] * 500])"
    )
    command = [sys.executable, "-c", script, *map(str, drawings)]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"reading\n"
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, set(out.split()) - {b"reading"}, err.decode().strip()) == (130, set(), "")
    for _ in range(100):
        if not group_exists(process.pid):
            return
        time.sleep(0.05)
    pytest.fail("a process is left")


@pytest.mark.slow
def test_where_no_process_can_be_started_they_are_read_here(drawings: list[Path], tmp_path: Path) -> None:
    """A socket of `multiprocessing` has a name of at most 100 characters or so."""
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    command = [sys.executable, "-m", "xlcnn", "predict", *map(str, drawings * 20)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"TMPDIR": str(folder)})
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 20 * len(drawings)


def group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
