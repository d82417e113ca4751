"""LibreOffice: the real program that users open, without a window, in a profile of its own.

Every run is written as a file of its own and all are converted in one start. Recalculation on load is forced: without
it LibreOffice hands back whatever the file stored. Macros are off, links are never updated.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlcnn.engines import TIMEOUT
from xlcnn.engines.base import Grid
from xlcnn.engines.process import results, run
from xlcnn.errors import EngineError
from xlcnn.xlsx.book import Book
from xlcnn.xlsx.patch import Edits, patched

INSTALL = "install it (Debian, Ubuntu: apt-get install libreoffice-calc; macOS: brew install --cask libreoffice)"
PLACES = ("/Applications/LibreOffice.app/Contents/MacOS/soffice", r"C:\Program Files\LibreOffice\program\soffice.exe")

SETTINGS = {  # of the private profile: path, name, value
    ("/org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode"): "0",
    ("/org.openoffice.Office.Calc/Content/Update", "Link"): "2",
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel"): "3",
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks"): "true",
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent"): "true",
}


class LibreOffice:
    name = "libreoffice"

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self.timeout = timeout

    def version(self) -> str:
        with tempfile.TemporaryDirectory(prefix="xlcnn-") as folder:
            out = soffice(Path(folder), ["--version"], self.timeout)
        match = re.search(r"\d+(\.\d+)+", out)
        return match[0] if match else out.strip()

    def recalculate(self, book: Book, runs: Sequence[Edits], sizes: Mapping[str, tuple[int, int]]) -> list[dict[str, Grid]]:
        with tempfile.TemporaryDirectory(prefix="xlcnn-") as name:
            folder = Path(name)
            (folder / "in").mkdir()
            sources = [folder / "in" / f"run{k}.xlsx" for k in range(len(runs))]
            for path, edits in zip(sources, runs, strict=True):
                path.write_bytes(patched(book, edits))
            convert(folder, sources, "xlsx:Calc MS Excel 2007 XML", folder / "out", self.timeout)
            return [results("LibreOffice", folder / "out" / path.name, sizes) for path in sources]


def find_soffice() -> str:
    """The program's path. Raises `EngineError` with how to install it."""
    for name in ("soffice", "libreoffice", *PLACES):
        path = shutil.which(name)
        if path:
            return path
    raise EngineError(f"LibreOffice is not on this machine; {INSTALL}")


def convert(folder: Path, sources: Sequence[Path], filter_: str, out: Path, timeout: float) -> list[Path]:
    """Let LibreOffice open each source and save it through `filter_` into `out`. Raises `EngineError`."""
    out.mkdir(exist_ok=True)
    arguments = ["--convert-to", filter_, "--outdir", str(out), *map(str, sources)]
    said = soffice(folder, arguments, timeout)
    suffix = filter_.split(":")[0]
    made = [out / f"{path.stem}.{suffix}" for path in sources]
    for path in made:
        if not path.is_file():
            raise EngineError(f"LibreOffice could not open the workbook ({said.strip().splitlines()[-1:] or 'no reason given'})")
    return made


def soffice(folder: Path, arguments: list[str], timeout: float) -> str:
    """Run LibreOffice with a profile inside `folder`; its whole process group ends at the time limit."""
    program = find_soffice()
    profile = folder / "profile"
    write_profile(profile)
    command = [program, f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--norestore", *arguments]
    return run("LibreOffice", command, folder, timeout)


def write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for (path, name), value in SETTINGS.items()
    )
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>\n",
        encoding="utf-8",
    )
