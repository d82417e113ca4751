"""Files are read whole, within bounds, and only where they are files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xlcnn.files.reading import read_regular, read_text, reason


def test_a_file_comes_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\0\r\n\xff")
    assert read_regular(tmp_path / "a") == b"\0\r\n\xff"
    assert read_regular(tmp_path / "a", most=4) == b"\0\r\n\xff"


def test_its_size_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(OSError, match="it is larger than 1 MB"):
        read_regular(tmp_path / "a", most=2**20)


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/tty", "/dev/null"])
def test_a_device_is_no_file(path: str) -> None:
    if not Path(path).exists():
        pytest.skip(f"there is no {path}")
    with pytest.raises(OSError, match=r"it is not a regular file|No such device"):
        read_regular(Path(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_nor_is_a_pipe_which_would_be_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    with pytest.raises(OSError, match="it is not a regular file"):
        read_regular(tmp_path / "a")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"it is a folder|Permission"):
        read_regular(tmp_path)


def test_the_reason_is_short(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", tmp_path / ("x" * 300), tmp_path):
        with pytest.raises(OSError) as found:  # noqa: PT011
            read_regular(path)
        assert reason(found.value) in ("No such file or directory", "File name too long", "it is a folder, not a file")
    (tmp_path / "a").write_bytes(b"\xed\xa0\x80")  # half of a letter
    with pytest.raises(UnicodeDecodeError) as wrong:
        read_text(tmp_path / "a")
    assert "utf-8" in reason(wrong.value)


def test_text_may_begin_with_the_mark_that_windows_writes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfa\r\nb")
    assert read_text(tmp_path / "a") == "a\nb"
