"""The verifier's mutation score: a correct workbook is damaged in one place, thousands of times; is it caught and named?

    python -m benchmarks.mutation [--mutants N] [--seed S] [--processes P] [--trials T] [--book B] [--seconds S]

Mutant k of seed S is always the same. *Named* means that the first problem is at the damaged cell (sheet, name), *refused* that
the workbook was not accepted and the refusal says which part is to blame. Of what survives it is said why it deceives nobody;
what cannot be explained is a hole. The kinds of damage stand in `benchmarks/mutants/`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections import Counter
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from multiprocessing import Pool
from pathlib import Path
from random import Random
from zipfile import ZipFile

from benchmarks.mutants.around import AROUND
from benchmarks.mutants.formulas import one_cell
from benchmarks.mutants.harmless import why_harmless
from benchmarks.mutants.model import BOOKS, Damage, Healthy, Mutant, healthy
from benchmarks.mutants.packages import PACKAGES
from benchmarks.mutants.rewritten import a_rewritten_formula
from benchmarks.mutants.settings import SETTING
from benchmarks.mutants.shown import SHOWN
from xlcnn.errors import XlcnnError
from xlcnn.verifier.report import Report
from xlcnn.verifier.verify import verify

OUTCOMES = ("named", "refused", "caught", "harmless", "survived")
HEADS = ("tried", "named", "refused", "caught only", "harmless", "survived")


@dataclass(frozen=True)
class Options:
    """How one mutant is verified."""

    book: str = "seven"
    trials: int = 3


def damage(number: int) -> Damage:
    """Of eight mutants two have a mistake in one formula, two a formula rewritten to deceive, and one each of the rest."""
    turn = number // 8
    some = (SHOWN, (one_cell,), (a_rewritten_formula,), SETTING, PACKAGES, (one_cell,), (a_rewritten_formula,), AROUND)[number % 8]
    return some[turn % len(some)]


def mutant(number: int, seed: int, book: str = "seven") -> Mutant:
    """Mutant `number` of a seed; where this kind of damage finds no place, another place or cell is tried."""
    whole = healthy(book)
    for attempt in range(20):
        try:
            made = (damage(number) if attempt < 15 else one_cell)(whole, Random(f"{seed}.{number}" + f".{attempt}" * (attempt > 0)))
        except (IndexError, StopIteration):  # nothing to choose from
            continue
        if made.more or any(whole.text(part) != xml for part, xml in made.parts.items()):
            return made
    raise AssertionError(f"mutant {number} changed nothing")


def damaged(whole: Healthy, m: Mutant) -> bytes:
    """The workbook with the damage done."""
    out = BytesIO()
    with warnings.catch_warnings(), ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")  # that a name is there twice
        for name, content in whole.raw.items():
            archive.writestr(name, m.parts.get(name, content))
        for name, content in m.more:
            archive.writestr(name, content)
    return out.getvalue()


def said_of(m: Mutant, report: Report) -> str:
    """named, caught or survived."""
    if report.ok:
        return "survived"
    first = report.problems[0]
    right = first.sheet == m.sheet and (not m.where or first.cell in m.where)
    return "named" if right or (m.also and first.sheet == m.also) else "caught"


def verdict(task: tuple[int, int], options: Options = Options()) -> tuple[str, str, str]:
    """Kind, outcome and what is to be said of mutant `number`."""
    number, seed = task
    whole, m = healthy(options.book), mutant(number, seed, options.book)
    where = f"mutant {number}: {m.kind} at {m.sheet} {sorted(map(str, m.where))[:3]}, now {m.now[:120]}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.xlsx"
        path.write_bytes(damaged(whole, m))
        try:
            report = verify(path, trials=options.trials)
        except XlcnnError as error:
            known = m.refusal and m.refusal in str(error)
            return m.kind, "refused" if known else "caught", "" if known else f"{where}: {error}"
    outcome = said_of(m, report)
    if outcome == "survived":
        reason = m.harmless or why_harmless(whole, m)
        return m.kind, "harmless" if reason else "survived", reason or f"SURVIVED: {where}"
    return m.kind, outcome, "" if outcome == "named" else f"{where}: caught as {report.problems[0]}"


def table(outcomes: Counter[tuple[str, str]]) -> str:
    """The outcomes of every kind, and of all."""
    lines = [f"{'':<44}" + "".join(f"{h:>12}" for h in HEADS)]
    for kind in [*sorted({k for k, _ in outcomes}), None]:
        counts = [sum(n for (k, o), n in outcomes.items() if kind in (None, k) and o == what) for what in OUTCOMES]
        lines.append(f"{kind or 'all':<44}{sum(counts):>12}" + "".join(f"{n:>12}" for n in counts))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="the verifier's mutation score")
    parser.add_argument("--mutants", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--book", choices=BOOKS, default="seven")
    parser.add_argument("--seconds", type=float, default=1e9, help="stop then, and say what was found so far")
    parser.add_argument("--only", type=int, nargs="*", help="these mutants alone, to look at them again")
    options = parser.parse_args()
    outcomes: Counter[tuple[str, str]] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    began = time.monotonic()
    healthy(options.book)  # once, before the processes are made
    with Pool(options.processes) as pool:
        tasks = ((number, options.seed) for number in options.only or range(options.mutants))
        judge = partial(verdict, options=Options(options.book, options.trials))
        for kind, outcome, said in pool.imap_unordered(judge, tasks, chunksize=4):
            outcomes[kind, outcome] += 1
            if outcome == "harmless":
                reasons[kind, said] += 1
            elif said:
                print(said, flush=True)
            if time.monotonic() - began > options.seconds:
                break
    print(table(outcomes))
    for (kind, reason), count in sorted(reasons.items()):
        print(f"harmless: {kind}: {reason} ({count})")
    tried = outcomes.total()
    print(f"{len({k for k, _ in outcomes})} kinds; {(time.monotonic() - began) / max(tried, 1):.2f} s per mutant")
    sys.exit(any(o in ("survived", "caught") for _, o in outcomes))


if __name__ == "__main__":
    main()
