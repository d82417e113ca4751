"""An adversary's corpus: deceptive workbooks, what LibreOffice and Gnumeric show of each, and what `verify` says.

    python -m benchmarks.corpus FOLDER [--most N] [--opened N]

The deeds are those of the tests (packages, cells, settings, arrays) and of `benchmarks/mutants/` (formulas, constants, what is
shown), done to a small workbook. Everything is written into the folder, with `corpus.csv`: a line per workbook. A workbook that a
program cannot open, or does not open within the time limit, has no value there. Started again with the same folder, it goes on.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZipFile

from openpyxl import load_workbook

from benchmarks.mutants.model import Damage, healthy
from benchmarks.mutants.packages import PACKAGES
from benchmarks.mutants.rewritten import a_rewritten_formula
from benchmarks.mutants.settings import SETTING
from benchmarks.mutants.shown import SHOWN
from benchmarks.mutation import damaged
from tests.verifier.helpers import with_cell
from tests.verifier.test_regions import FILLED
from tests.verifier.test_settings import SETTINGS
from tests.xlsx import test_deceptive_cells as in_cells
from tests.xlsx import test_deceptive_packages as in_packages
from xlcnn.engines.libreoffice import write_profile
from xlcnn.errors import XlcnnError
from xlcnn.grid.references import split_cell
from xlcnn.verifier.verify import verify

SHEETWISE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"  # every sheet, as it is shown
MARGIN = 2  # the first column that holds anything; Gnumeric begins there
BATCH = 40  # workbooks that LibreOffice opens in one start
OF_EACH = 8  # mutants of each kind of damage


@dataclass(frozen=True)
class Case:
    """A deceptive workbook, and the cell that is attacked, if it is one."""

    group: str
    name: str
    data: bytes
    sheet: str
    cell: str | None


# ---- the workbooks ----


def deeds() -> Iterator[Case]:
    """All of them, in the same order each time."""
    yield from of_the_tests()
    whole = healthy("small")
    seen: set[str] = set()
    for group, some in (
        ("formula", (a_rewritten_formula,) * 5), ("setting", SETTING), ("shown", SHOWN), ("package", PACKAGES),
    ):  # fmt: skip
        for k, damage in enumerate(some):
            yield from of_mutants(group, damage, k, seen, whole)


def of_mutants(group: str, damage: Damage, turn: int, seen: set[str], whole: object) -> Iterator[Case]:
    for k in range(OF_EACH):
        try:
            m = damage(whole, Random(f"corpus.{group}.{turn}.{k}"))  # type: ignore[arg-type]
        except (IndexError, StopIteration):
            continue
        name = f"{m.kind}: {m.now[:80]}" if m.now else f"{m.kind} on {m.sheet}"
        if name not in seen:
            seen.add(name)
            yield Case(group, name, damaged(whole, m), m.sheet, next(iter(sorted(c for c in m.where if is_cell(c))), None))  # type: ignore[arg-type,type-var]


def is_cell(text: str | None) -> bool:
    try:
        split_cell(text or "")
    except ValueError:
        return False
    return True


def of_the_tests() -> Iterator[Case]:
    """Deeds of the tests' modules, done as they do them."""
    raw = healthy("small").raw
    one = in_packages.archive

    def with_part(part: str, edit: object) -> bytes:
        return one([*(raw | {part: edit(raw[part].decode()).encode()}).items()])  # type: ignore[operator]

    def in_cell(part: str, cell: str, edit: object) -> bytes:
        xml = raw[part].decode()
        old = in_cells.re.search(rf'<c r="{cell}"(?:[^>]*/>|.*?</c>)', xml)
        assert old
        return with_part(part, lambda text: text.replace(old[0], edit(old[0])))  # type: ignore[operator]

    for name, (edit, _) in in_cells.CELLS.items():
        yield Case("cell", name, in_cell(in_cells.POOL, in_cells.CELL, edit), "Pool", in_cells.CELL)
    for name, (cell, edit, _) in in_cells.SHARES.items():
        yield Case("shared formula", name, in_cell(in_cells.CONV, cell, edit), "Conv", cell)
    for name, (edit, _) in in_cells.SHEETS.items():
        yield Case("sheet", name, with_part(in_cells.POOL, edit), "Pool", in_cells.CELL)
    title, cell = place_of_the_first_text(one([*raw.items()]))
    for name, (edit, _) in in_cells.TEXTS.items():
        yield Case("text", name, with_part(in_cells.STRINGS, edit), title, cell)
    for name, (make, _) in in_packages.ARCHIVES.items():
        yield Case("archive", name, make(dict(raw)), "Pool", in_cells.CELL)
    for name, (part, edit, _) in in_packages.LINKED.items():
        yield Case("package", name, with_part(part, edit), "Pool", in_cells.CELL)
    for name, (part, pattern, text, *_) in SETTINGS.items():
        made = with_part(part, lambda xml: in_cells.re.sub(pattern, lambda _: text, xml, count=1))  # noqa: B023
        yield Case("setting", name, made, "Pool", in_cells.CELL)
    for name, (part, cells, (sheet, where)) in FILLED.items():
        xml = raw[part].decode()
        for cell, text in cells.items():
            xml = with_cell(xml, cell, text)
        yield Case("array", name, with_part(part, lambda _: xml), sheet, where)  # noqa: B023


def place_of_the_first_text(data: bytes) -> tuple[str, str]:
    """The tab and the cell that show the workbook's first shared string."""
    with ZipFile(BytesIO(data)) as package:
        text = in_cells.re.search("<t[^>]*>([^<]*)</t>", package.read(in_cells.STRINGS).decode())
    assert text
    cells = (cell for sheet in load_workbook(BytesIO(data)) for row in sheet for cell in row if cell.value == text[1])
    first = next(cells)
    return first.parent.title, first.coordinate


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


def table(cases: list[Case], folder: Path, opened: int) -> list[tuple[str, ...]]:
    paths = [folder / f"{number:03}.xlsx" for number in range(len(cases))]
    for case, path in zip(cases, paths, strict=True):
        path.write_bytes(case.data)
    whole = healthy("small")
    plain = folder / "untouched.xlsx"
    plain.write_bytes(in_packages.archive([*whole.raw.items()]))
    free = by_libreoffice([plain, *paths[:opened]], folder)
    rows = []
    for number, (case, path) in enumerate(zip(cases, paths, strict=True)):
        libre = shown(free.get((path.stem, case.sheet)), case.cell) if number < opened else "(not tried)"
        gnumeric = shown(by_gnumeric(case, path), case.cell, MARGIN) if number < opened else "(not tried)"
        before = (shown(free.get(("untouched", case.sheet)), case.cell), shown(by_gnumeric(case, plain), case.cell, MARGIN))
        rows.append((path.name, case.group, case.name, case.sheet, case.cell or "", *before, libre, gnumeric, *said(path)))
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
    parser.add_argument("--most", type=int, default=10_000, help="workbooks at most")
    parser.add_argument("--opened", type=int, default=10_000, help="workbooks at most that other programs open")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    rows = table(list(deeds())[: options.most], options.folder, options.opened)
    with (options.folder / "corpus.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADS, *rows])
    print(summary(rows))
    for row in rows:
        if row[VERDICT] == "VERIFIED":
            print(f"VERIFIED: {row[0]}: {row[2]} at {row[3]}!{row[4]}")
    sys.exit(any(row[VERDICT] == "VERIFIED" for row in rows))


if __name__ == "__main__":
    main()
