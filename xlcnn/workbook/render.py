"""A workbook as pictures: one PNG a sheet, through LibreOffice and pdftoppm."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from xlcnn.engines import TIMEOUT
from xlcnn.engines.libreoffice import convert
from xlcnn.engines.process import finished
from xlcnn.errors import EngineError, WorkbookError, printable
from xlcnn.xlsx.files import check_target, write_whole
from xlcnn.xlsx.limits import Limits
from xlcnn.xlsx.reader import open_book

INSTALL = "install it (Debian, Ubuntu: apt-get install poppler-utils; macOS: brew install poppler)"


def render(
    path: str | os.PathLike[str],
    output: str | os.PathLike[str],
    dots_per_inch: int = 110,
    timeout: float = TIMEOUT,
    *,
    force: bool = False,
) -> list[Path]:
    """Draw every sheet of a workbook as it would be printed: ``01-Guide.png``, ``02-Overview.png``, … in `output`.

    Pictures that exist already are replaced only if `force`. Returns the pictures' paths. Raises `WorkbookError` where
    the workbook cannot be read, `EngineError` where LibreOffice or pdftoppm is missing or fails.
    """
    book = open_book(Path(path), Limits())
    if Path(output).is_file():
        raise WorkbookError(f"{printable(output)} is a file; give the name of a folder")
    names = [f"{k:02}-{_safe(name)}.png" for k, name in enumerate(book.sheets, 1)]
    for name in names:
        check_target(Path(output) / name, force)
    pdftoppm = shutil.which("pdftoppm")
    if pdftoppm is None:
        raise EngineError(f"pdftoppm is not on this machine; {INSTALL}")
    with tempfile.TemporaryDirectory(prefix="xlcnn-") as name:
        folder = Path(name)
        source = folder / "workbook.xlsx"
        source.write_bytes(book.data)
        (pdf,) = convert(folder, [source], "pdf", folder / "out", timeout)
        drawn = finished("pdftoppm", [pdftoppm, "-png", "-r", str(dots_per_inch), str(pdf), str(folder / "page")], folder, timeout)
        pages = sorted(folder.glob("page-*.png"), key=lambda p: int(p.stem.rpartition("-")[2]))
        if drawn.code or not pages:
            raise EngineError(f"pdftoppm failed: {' '.join(drawn.output.decode(errors='replace').split()) or 'no reason given'}")
        if len(pages) != len(names):  # somebody's own print set-up
            names = [f"{k:02}-page.png" for k in range(1, len(pages) + 1)]
        return [_place(page, Path(output), name, force) for page, name in zip(pages, names, strict=True)]


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name)


def _place(page: Path, output: Path, name: str, force: bool) -> Path:
    """Move a finished picture into the output folder."""
    write_whole(output / name, page.read_bytes(), force)
    return output / name
