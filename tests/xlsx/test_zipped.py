"""The archive that a workbook's parts are packed in: read by programs that we did not write, and the same every time."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path
from shutil import which
from zipfile import ZipFile

import pytest

from xlcnn.errors import WorkbookError
from xlcnn.xlsx import zipped as module
from xlcnn.xlsx.zipped import zipped

PARTS = {
    "[Content_Types].xml": b"<Types/>",
    "xl/workbook.xml": b"<workbook/>" * 1000,
    "xl/empty.bin": b"",
    "xl/a.bin": bytes(range(256)) * 9,
}


def test_python_reads_every_part_in_its_order_with_its_checksum() -> None:
    with ZipFile(BytesIO(zipped(PARTS))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == PARTS
        assert archive.namelist() == list(PARTS)


def test_it_is_deflated() -> None:
    assert len(zipped({"xl/workbook.xml": PARTS["xl/workbook.xml"]})) < 300


def test_a_large_archive_is_deflated_harder_where_the_time_is_there() -> None:
    assert module.levels([1 << 20, 1 << 21]) == [module.LEVEL] * 2
    assert module.levels([1 << 20, 1 << 25]) == [module.OTHERS, module.LONGEST]
    assert module.levels([1 << 23, 1 << 23, 1 << 23]) == [module.OTHERS] * 3  # none that all others wait for
    assert zipped({}) == zipped({})


def test_the_same_parts_give_the_same_bytes() -> None:
    assert zipped(PARTS) == zipped(dict(PARTS))


def test_nothing_tells_when_it_was_made() -> None:
    with ZipFile(BytesIO(zipped(PARTS))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.skipif(which("unzip") is None, reason="needs unzip")
def test_unzip_finds_nothing_wrong(tmp_path: Path) -> None:
    path = tmp_path / "book.zip"
    path.write_bytes(zipped(PARTS))
    assert subprocess.run(["unzip", "-tq", path], capture_output=True).returncode == 0


def test_an_archive_that_the_format_cannot_hold_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 5000)
    with pytest.raises(WorkbookError, match="larger than 4 GB"):
        zipped(PARTS)
