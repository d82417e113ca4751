"""A workbook as pictures: one PNG a sheet, through LibreOffice and pdftoppm."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from xlcnn.engines.libreoffice import convert
from xlcnn.engines.process import TIMEOUT
from xlcnn.errors import EngineError, WorkbookError
from xlcnn.reading import Limits
from xlcnn.verify import open_book

INSTALL = "install it (Debian, Ubuntu: apt-get install poppler-utils; macOS: brew install poppler)"


def render(
    path: str | os.PathLike[str], output: str | os.PathLike[str], dots_per_inch: int = 110, timeout: float = TIMEOUT
) -> list[Path]:
    """Draw every sheet of a workbook as it would be printed: ``01-Guide.png``, ``02-Network.png``, … in `output`.

    Returns the pictures' paths. Raises `WorkbookError` where the workbook cannot be read, `EngineError` where
    LibreOffice or pdftoppm is missing or fails.
    """
    book = open_book(Path(path), Limits())
    pdftoppm = shutil.which("pdftoppm")
    if pdftoppm is None:
        raise EngineError(f"pdftoppm is not on this machine; {INSTALL}")
    with tempfile.TemporaryDirectory(prefix="xlcnn-") as name:
        folder = Path(name)
        source = folder / "workbook.xlsx"
        source.write_bytes(book.data)
        (pdf,) = convert(folder, [source], "pdf", folder / "out", timeout)
        done = subprocess.run(
            [pdftoppm, "-png", "-r", str(dots_per_inch), str(pdf), str(folder / "page")],
            capture_output=True,
            check=False,
            timeout=timeout,
        )
        pages = sorted(folder.glob("page-*.png"), key=lambda p: int(p.stem.rpartition("-")[2]))
        if done.returncode or not pages:
            raise EngineError(f"pdftoppm failed: {' '.join(done.stderr.decode(errors='replace').split()) or 'no reason given'}")
        names = list(book.sheets) if len(pages) == len(book.sheets) else [f"page{k + 1}" for k in range(len(pages))]
        return [
            _place(page, Path(output), f"{k:02}-{_safe(name)}.png")
            for k, (page, name) in enumerate(zip(pages, names, strict=True), 1)
        ]


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name)


def _place(page: Path, output: Path, name: str) -> Path:
    """Move a finished picture into the output folder."""
    target = output / name
    try:
        output.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, output / f".{name}.tmp")
        os.replace(output / f".{name}.tmp", target)
    except OSError as error:
        raise WorkbookError(f"{target} cannot be written: {error.strerror or error}") from None
    return target
