"""Files are whole, old or new: nothing is overwritten unasked, nothing is left half-written."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SEVEN
from xlcnn import WorkbookError, make_workbook
from xlcnn.xlsx.files import check_target, check_targets, check_workbook_name, once_each, read_too, remove_leftovers, write_whole


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "file.xlsx"
    write_whole(path, b"content", force=False)
    assert path.read_bytes() == b"content"
    assert [p.name for p in path.parent.iterdir()] == ["file.xlsx"]


@pytest.mark.parametrize("name", ["mine.txt/file.xlsx", "mine.txt/folder/file.xlsx"])
def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkbookError) as error:
        write_whole(tmp_path / name, b"content", force=True)
    assert str(error.value) == f"{tmp_path / 'mine.txt'} is a file and no folder; give another name"
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_an_existing_file_needs_force(tmp_path: Path) -> None:
    path = tmp_path / "seven.xlsx"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(WorkbookError, match="exists already; give --force"):
        make_workbook(SEVEN, path)
    assert path.read_text(encoding="utf-8") == "mine"
    make_workbook(SEVEN, path, force=True)
    assert path.read_bytes()[:2] == b"PK"


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(WorkbookError, match="cannot be written: No space left"):
        write_whole(tmp_path / "new.xlsx", b"content", force=False)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "old.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(5, "Input/output error")))
    with pytest.raises(WorkbookError):
        write_whole(path, b"new", force=True)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["old.xlsx"]


def test_where_there_are_no_links_a_new_file_is_moved_into_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as on many USB sticks."""
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(1, "Operation not permitted")))
    write_whole(tmp_path / "new.xlsx", b"content", force=False)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("new.xlsx", b"content")]
    with pytest.raises(WorkbookError, match="exists already"):
        write_whole(tmp_path / "new.xlsx", b"other", force=False)


# ---- targets ----


def test_a_new_file_is_a_target_and_nothing_is_written(tmp_path: Path) -> None:
    check_target(tmp_path / "new.xlsx", False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_is_no_target(tmp_path: Path, force: bool) -> None:
    with pytest.raises(WorkbookError, match="is a folder; give the name of a file"):
        check_target(tmp_path, force)
    with pytest.raises(WorkbookError, match="is a folder"):
        write_whole(tmp_path, b"x", force=force)


@pytest.mark.parametrize("force", [False, True])
def test_what_is_read_is_not_written(tmp_path: Path, force: bool) -> None:
    """Not even by another name for the same file."""
    source = tmp_path / "source.xlsx"
    source.write_bytes(b"x")
    (tmp_path / "link.xlsx").symlink_to(source)
    for target in (source, tmp_path / "link.xlsx", tmp_path / "." / "source.xlsx"):
        with pytest.raises(WorkbookError, match="is the file that is read; give another name"):
            check_target(target, force, tmp_path / "other.xlsx", source)


def test_two_things_are_not_written_into_one_file(tmp_path: Path) -> None:
    """However its name is written; a file need not be there yet."""
    (tmp_path / "link").symlink_to(tmp_path / "a")
    once_each([tmp_path / "a", tmp_path / "b"])
    for other in (tmp_path / "a", tmp_path / "x" / ".." / "a", tmp_path / "link"):
        with pytest.raises(WorkbookError, match="is to hold two things; give each a name of its own"):
            once_each([tmp_path / "a", tmp_path / "b", other])


def test_what_long_work_ends_with_is_tried_before(tmp_path: Path) -> None:
    """In a folder that is there, or will be; nothing is left of the trial."""
    (tmp_path / "old").write_bytes(b"x")
    check_targets([tmp_path / "a", tmp_path / "new" / "folder" / "b", tmp_path / "old"], True, [])
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    with pytest.raises(WorkbookError, match="old is a file and no folder; give another name"):
        check_targets([tmp_path / "old" / "folder" / "b"], True, [])


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder into which nobody can write")
@pytest.mark.parametrize("name", ["/proc/a", "/proc/new/a"])
def test_where_nobody_can_write_it_is_told_before(name: str) -> None:
    with pytest.raises(WorkbookError, match=f"^{name} cannot be written: "):
        check_targets([Path(name)], True, [])


@pytest.fixture
def full(tmp_path: Path) -> Iterator[None]:
    """No file can grow, as on a full disk."""
    resource = pytest.importorskip("resource", reason="Windows has no such limits")
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, kept[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, kept)


def test_a_full_disk_is_told_before(tmp_path: Path, full: None) -> None:
    with pytest.raises(WorkbookError, match="a cannot be written: File too large"):
        check_targets([tmp_path / "a"], True, [])
    with pytest.raises(WorkbookError, match="a cannot be written: File too large"):
        write_whole(tmp_path / "a", b"x", True)
    assert list(tmp_path.iterdir()) == []


def test_what_is_read_is_found_among_many(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to("a")
    others = [tmp_path / "gone", Path("a\0b"), tmp_path / "link"]
    assert read_too([tmp_path / "new", tmp_path / "a"], others) == tmp_path / "a"
    assert read_too([tmp_path / "new"], others) is None
    assert read_too([tmp_path / "a"], others[:2]) is None


def test_a_workbook_is_one_by_its_name() -> None:
    check_workbook_name(Path("a.XLSX"))
    with pytest.raises(WorkbookError, match=r"a.xlsm does not end in .xlsx"):
        check_workbook_name(Path("a.xlsm"))


def test_a_name_that_no_file_can_have_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="cannot be written: File name too long") as error:
        check_target(tmp_path / ("x" * 300 + ".xlsx"), False)
    assert str(error.value).isprintable()


def test_a_long_name_may_be_written(tmp_path: Path) -> None:
    """The temporary file beside it has a name of bounded length."""
    path = tmp_path / ("x" * 250 + ".xlsx")
    write_whole(path, b"content", force=False)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


# ---- leftovers ----


def test_a_target_that_is_open_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "open.xlsx"
    target.write_bytes(b"an old file")
    with open(target, "rb") as reader:
        write_whole(target, b"a new file", force=True)
        assert reader.read() == b"an old file", "who has it open keeps what he opened"
    assert target.read_bytes() == b"a new file"


def test_a_target_that_appears_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "new.xlsx"
    whole = os.fsync

    def meanwhile(file: int) -> None:
        whole(file)
        target.write_bytes(b"somebody else's")

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(WorkbookError, match="exists already"):
        write_whole(target, b"ours", force=False)
    assert target.read_bytes() == b"somebody else's"
    assert [p.name for p in tmp_path.iterdir()] == ["new.xlsx"]


def test_a_dead_commands_leftover_is_removed_and_a_living_ones_is_not(tmp_path: Path) -> None:
    finished = subprocess.Popen([sys.executable, "-c", ""])
    finished.wait()
    living = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    try:
        for process in (finished, living):
            (tmp_path / f".a.xlsx.{process.pid}.tmp").write_bytes(b"half")
        (tmp_path / ".a.xlsx.notes.tmp").write_bytes(b"not ours")
        write_whole(tmp_path / "a.xlsx", b"whole", force=False)
        assert {p.name for p in tmp_path.iterdir()} == {"a.xlsx", f".a.xlsx.{living.pid}.tmp", ".a.xlsx.notes.tmp"}
    finally:
        living.kill()
        living.wait()


def test_leftovers_of_another_file_stay(tmp_path: Path) -> None:
    (tmp_path / ".b.xlsx.999999999999999999999.tmp").write_bytes(b"half")
    (tmp_path / ".a.xlsx.999999999999999999999.tmp").write_bytes(b"half")
    remove_leftovers(tmp_path / "a.xlsx")
    assert [p.name for p in tmp_path.iterdir()] == [".b.xlsx.999999999999999999999.tmp"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
@pytest.mark.parametrize("force", [False, True])
def test_a_pipe_or_a_device_is_never_replaced(tmp_path: Path, force: bool) -> None:
    """Once ``--html /dev/null --force`` made a file of the device."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WorkbookError, match="is no regular file, and would be replaced"):
        write_whole(tmp_path / "pipe", b"x", force)
    assert not (tmp_path / "pipe").is_file()
