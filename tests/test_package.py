"""Files are whole, the same every time, and never half-written."""

import os
from pathlib import Path

import pytest

from tests.conftest import ROOT, SEVEN, parts_of
from xlcnn import WorkbookError, make_workbook
from xlcnn.files import write_whole
from xlcnn.workbook.strings import share_strings


def test_the_same_image_gives_the_same_bytes(seven: Path, tmp_path: Path) -> None:
    make_workbook(SEVEN, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == seven.read_bytes()


def test_the_file_is_small(seven: Path) -> None:
    assert seven.stat().st_size <= 400_000


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


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="is a folder"):
        write_whole(tmp_path, b"x", force=True)


def test_shared_strings_hold_each_text_once() -> None:
    cell = b'<c r="A1" t="inlineStr"><is><t>a &amp; b</t></is></c>'
    parts = {
        "xl/worksheets/sheet1.xml": cell + cell.replace(b"A1", b"A2"),
        "[Content_Types].xml": b"<Types></Types>",
        "xl/_rels/workbook.xml.rels": b"<Relationships></Relationships>",
    }
    shared = share_strings(parts)
    assert shared["xl/worksheets/sheet1.xml"] == b'<c r="A1" t="s"><v>0</v></c><c r="A2" t="s"><v>0</v></c>'
    assert b'count="2" uniqueCount="1"><si><t>a &amp; b</t></si></sst>' in shared["xl/sharedStrings.xml"]


def test_the_committed_sample_is_what_make_gives_today(seven: Path) -> None:
    """Texts and formulas to the letter, numbers to the last few bits of another machine's EXP."""
    import re

    number = re.compile(rb"<v>(-?[0-9.]+(?:E-?[0-9]+)?)</v>", re.IGNORECASE)
    committed, today = parts_of(ROOT / "outputs" / "seven.xlsx"), parts_of(seven)
    assert committed.keys() == today.keys()
    for name, content in today.items():
        if name.endswith(".png") or name.startswith("docProps/"):
            continue  # another Pillow packs a picture differently, another openpyxl is named
        assert number.sub(b"#", committed[name]) == number.sub(b"#", content), name
        for a, b in zip(number.findall(committed[name]), number.findall(content), strict=True):
            assert float(a) == pytest.approx(float(b), rel=1e-9, abs=1e-12)
