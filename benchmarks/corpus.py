"""An adversary's corpus: deceptive workbooks, what LibreOffice and Gnumeric show of each, and what `verify` says.

    python -m benchmarks.corpus FOLDER [--book B] [--most N] [--opened N]

The deeds (`deeds.py`) are those of the tests (packages, cells, settings, arrays) and of `benchmarks/mutants/` (formulas, constants,
what is shown), done to a small workbook, or to another one. Everything is written into the folder, with `corpus.csv`: a line per
workbook. A workbook that a program cannot open, or does not open within the time limit, has no value there. Started again with
the same folder, it goes on.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from benchmarks.deeds import SMALL, Case, deeds
from benchmarks.mutants.model import BOOKS, healthy
from tests.xlsx import test_deceptive_packages as in_packages
from xlcnn.engines.libreoffice import write_profile
from xlcnn.errors import XlcnnError
from xlcnn.grid.references import split_cell
from xlcnn.verifier.verify import verify

SHEETWISE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"  # every sheet, as it is shown
MARGIN = 2  # the first column that holds anything; Gnumeric begins there
BATCH = 40  # workbooks that LibreOffice opens in one start


# ---- what is shown ----


def by_libreoffice(paths: list[Path], folder: Path) -> dict[tuple[str, str], Path]:
    """Stem and tab → what LibreOffice shows of it. Many workbooks are opened in one start; it ends at the time limit."""
    program = shutil.which("soffice")
    if program is None:
        return {}
    out = folder / "libreoffice"
    with tempfile.TemporaryDirectory() as name:
        profile = Path(name) / "profile"
        write_profile(profile)
        for k in range(0, len(paths), BATCH):
            left = [str(path) for path in paths[k : k + BATCH] if not any(out.glob(f"{path.stem}-*.csv"))]
            some = ["--convert-to", SHEETWISE, "--outdir", str(out), *left]
            command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
            if left:
                limited([*command, *some], 100)
    return {tuple(path.stem.split("-", 1)): path for path in out.glob("*.csv")}  # type: ignore[misc]


def by_gnumeric(case: Case, path: Path) -> Path | None:
    program = shutil.which("ssconvert")
    target = path.with_suffix(f".{case.sheet}.gnumeric.csv")
    if program is None:
        return None
    options = f"format=preserve sheet='{case.sheet}'"
    if not target.is_file():
        limited([program, "--recalc", "--export-type=Gnumeric_stf:stf_assistant", "-O", options, str(path), str(target)], 20)
    return target if target.is_file() else None


def limited(command: list[str], seconds: int) -> None:
    """A program with all that it starts, ended at the time limit by `timeout`."""
    subprocess.run(["timeout", "--kill-after=5", str(seconds), *command], capture_output=True, check=False)


def shown(path: Path | None, cell: str | None, first: int = 1) -> str:
    """What a program shows in the cell, where its table begins with column `first`."""
    if path is None:
        return "(not opened)"
    if cell is None:
        return "(opened)"
    row, col = split_cell(cell)
    col -= first - 1
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        lines = list(csv.reader(file))
    return lines[row - 1][col - 1] if row <= len(lines) and col <= len(lines[row - 1]) else ""


def said(path: Path) -> tuple[str, str]:
    """The verdict, and its first sentence."""
    try:
        report = verify(path, trials=0)
    except XlcnnError as error:
        return "refused", str(error).partition(" cannot be verified: ")[2] or str(error).replace(str(path), path.name)
    return ("VERIFIED", "") if report.ok else ("named", str(report.problems[0]))


# ---- the table ----

HEADS = (
    "workbook",
    "group",
    "deed",
    "sheet",
    "cell",
    "LibreOffice untouched",
    "Gnumeric untouched",
    "LibreOffice",
    "Gnumeric",
    "verify",
    "said",
)

VERDICT = HEADS.index("verify")


def written(cases: Iterable[Case], folder: Path) -> dict[Path, Case]:
    """Each in a file of its own, and what is to be said of it without its bytes."""
    found = {}
    for number, case in enumerate(cases):
        path = folder / f"{number:03}.xlsx"
        path.write_bytes(case.data)
        found[path] = replace(case, data=b"")
    return found


def table(cases: Mapping[Path, Case], plain: Path, folder: Path, opened: int) -> list[tuple[str, ...]]:
    """A line per workbook; the first `opened` of them are opened in other programs, beside `plain`, to which nothing was done."""
    free = by_libreoffice([plain, *list(cases)[:opened]], folder) if opened else {}
    rows = []
    for number, (path, case) in enumerate(cases.items()):
        others = ["(not tried)"] * 4
        if number < opened:
            libre = [shown(free.get((stem, case.sheet)), case.cell) for stem in (plain.stem, path.stem)]
            gnumeric = [shown(by_gnumeric(case, one), case.cell, MARGIN) for one in (plain, path)]
            others = [libre[0], gnumeric[0], libre[1], gnumeric[1]]
        rows.append((path.name, case.group, case.name, case.sheet, case.cell or "", *others, *said(path)))
    return rows


def summary(rows: list[tuple[str, ...]]) -> str:
    verdicts = Counter(row[VERDICT] for row in rows)
    lines = [f"{len(rows)} workbooks: " + ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())]
    for name, k in (("LibreOffice", 7), ("Gnumeric", 8)):
        tried = [row for row in rows if row[k] != "(not tried)"]
        closed = sum(row[k] == "(not opened)" for row in tried)
        other = sum(row[k] not in ("(not opened)", "(opened)", row[k - 2]) for row in tried)
        lines.append(f"{name}: of {len(tried)} {closed} not opened, {other} show something else in the attacked cell")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="an adversary's corpus")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--book", choices=BOOKS, default=SMALL)
    parser.add_argument("--most", type=int, default=10_000, help="workbooks at most")
    parser.add_argument("--opened", type=int, default=10_000, help="workbooks at most that other programs open")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    plain = options.folder / "untouched.xlsx"
    plain.write_bytes(in_packages.archive([*healthy(options.book).raw.items()]))
    cases = written(islice(deeds(options.book), options.most), options.folder)
    rows = table(cases, plain, options.folder, options.opened)
    with (options.folder / "corpus.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADS, *rows])
    print(summary(rows))
    for row in rows:
        if row[VERDICT] == "VERIFIED":
            print(f"VERIFIED: {row[0]}: {row[2]} at {row[3]}!{row[4]}")
    sys.exit(any(row[VERDICT] == "VERIFIED" for row in rows))


if __name__ == "__main__":
    main()
