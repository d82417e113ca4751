"""False alarms: a workbook is edited as a class would, thousands of times; it must still be verified.

    python -m benchmarks.honest [--edits N] [--saved N] [--seed S] [--processes P] [--trials T] [--book B] [--seconds S]

Each workbook gets one to four honest edits and is recalculated, as every spreadsheet program does. `--saved` of them each are
saved by LibreOffice, Gnumeric and openpyxl (which stores no results), and as strict OOXML, before they are verified. The workbook
is read once; an edit changes texts of its parts. The kinds stand in `benchmarks/edits/`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from random import Random

from benchmarks.edits.draft import Edit, fresh
from benchmarks.edits.formulas import FORMULAS, PIECES
from benchmarks.edits.habits import COPIES, HABITS
from benchmarks.edits.looks import LOOKS
from benchmarks.edits.numbers import NUMBERS, PLAYING
from benchmarks.edits.programs import ADDITIONS, SAVERS, added
from benchmarks.edits.recalculated import recalculated
from benchmarks.edits.structure import LAST
from benchmarks.mutants.model import BOOKS
from xlcnn.errors import XlcnnError
from xlcnn.verifier.verify import verify

EDITS: dict[str, Edit] = {**NUMBERS, **PLAYING, **FORMULAS, **PIECES, **LOOKS, **HABITS, **LAST, **COPIES}
ORDER = {kind: k for k, kind in enumerate(["a renamed choice", "choices renamed to numbers"])}  # before others choose or move
ONLY_SEVEN = {*PLAYING, *PIECES}
MOVED = {"rows inserted", "columns inserted"}

Task = tuple[int, int, str]  # number, seed, saved by


def chosen(number: int, rng: Random, book: str) -> list[str]:
    """One to four kinds, in the order in which they can be done: what moves or renames cells comes last."""
    kinds = [k for k in EDITS if book == "seven" or k not in ONLY_SEVEN]
    kinds = [kinds[number % len(kinds)], *rng.sample(kinds, rng.randint(0, 3))]
    if "choices renamed to numbers" in kinds:  # then these words are no words any more
        kinds = [k for k in kinds if k not in ("an image or a filter", "a renamed choice")]
    kinds = list(dict.fromkeys(kinds))
    last = [k for k in LAST if k in kinds]
    if MOVED & set(last):
        last = [k for k in last if k not in ("a renamed sheet", *MOVED)] + [next(k for k in last if k in MOVED)]
    if not MOVED & set(kinds):
        last += [k for k in COPIES if k in kinds]
    return [*sorted((k for k in kinds if k not in {*LAST, *COPIES}), key=lambda kind: ORDER.get(kind, 9)), *last]


def edited(number: int, seed: int, book: str = "seven") -> tuple[list[str], bytes]:
    """Workbook `number` of a seed, with the names of what was done to it."""
    rng, draft = Random(f"{seed}.{number}"), fresh(book)
    kinds = chosen(number, rng, book)
    for kind in kinds:
        EDITS[kind](draft, rng)
    data = draft.data()
    if number % 20 == 0:
        addition = rng.choice(list(ADDITIONS))
        kinds, data = [*kinds, addition], added(data, ADDITIONS[addition], rng)
    return kinds, data


def check(path: Path, trials: int) -> str:
    """The false alarm, if there is one."""
    try:
        report = verify(path, trials=trials)
    except XlcnnError as error:
        return str(error)
    return str(report.problems[0]) if report.problems else ""


def trial(task: Task, trials: int = 3, book: str = "seven") -> tuple[list[str], str, int]:
    """The kinds of edits, and the false alarm, if there is one."""
    number, _seed, saved_by = task
    with tempfile.TemporaryDirectory() as name:
        path, kinds = write(task, Path(name), book)
        if saved_by:
            path = SAVERS[saved_by](Path(name), [path])[0]
        return [*kinds, *([f"saved by {saved_by}"] * bool(saved_by))], check(path, trials), number


def write(task: Task, folder: Path, book: str) -> tuple[Path, list[str]]:
    """The edited workbook; recalculated, if nothing else will do so."""
    number, seed, saved_by = task
    kinds, data = edited(number, seed, book)
    path = folder / f"edited{number}.xlsx"
    path.write_bytes(data if saved_by in ("libreoffice", "openpyxl") else recalculated(data))
    return path, kinds


def saved(seed: int, first: int, count: int, saver: str, trials: int, book: str) -> list[tuple[list[str], str, int]]:
    """Many workbooks saved by one program in as few starts as it needs."""
    with tempfile.TemporaryDirectory() as name:
        made = [write((first + k, seed, saver), Path(name), book) for k in range(count)]
        paths = SAVERS[saver](Path(name), [path for path, _ in made])
        return [
            ([*kinds, f"saved by {saver}"], check(path, trials), first + k)
            for k, (path, (_, kinds)) in enumerate(zip(paths, made, strict=True))
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description="the verifier's false alarms")
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--saved", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--trials", type=int, default=1)
    parser.add_argument("--book", choices=BOOKS, default="seven")
    parser.add_argument("--seconds", type=float, default=1e9, help="no more edits then; what is to be saved is saved all the same")
    parser.add_argument("--only", type=int, nargs="*", help="these workbooks alone, to look at them again")
    options = parser.parse_args()
    done: Counter[str] = Counter()
    alarms = count = 0
    began = time.monotonic()

    def tell(result: tuple[list[str], str, int]) -> None:
        nonlocal alarms, count
        kinds, alarm, number = result
        done.update(kinds)
        count += 1
        if alarm:
            alarms += 1
            print(f"FALSE ALARM: workbook {number}, {', '.join(kinds)}: {alarm}", flush=True)

    fresh(options.book)  # once, before the processes are made
    with Pool(options.processes) as pool:
        tasks = [(n, options.seed, "") for n in options.only or range(options.edits)]
        judge = partial(trial, trials=options.trials, book=options.book)
        for result in pool.imap_unordered(judge, tasks, chunksize=2):
            tell(result)
            if time.monotonic() - began > options.seconds:
                break
    for k, saver in enumerate(SAVERS if options.saved else ()):
        first = options.edits + k * options.saved
        for result in saved(options.seed, first, options.saved, saver, options.trials, options.book):
            tell(result)
    for kind, times in sorted(done.items()):
        print(f"{kind:<40}{times:6}")
    seconds = (time.monotonic() - began) / max(count, 1)
    print(f"{count} edited workbooks, {len(done)} kinds of edits, {alarms} false alarms, {seconds:.2f} s per workbook")
    sys.exit(alarms > 0)


if __name__ == "__main__":
    main()
