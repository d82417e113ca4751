"""An adversary's corpus: each of its workbooks is refused, or the deception is named.

``corpus.csv``, written by ``python -m benchmarks.corpus FOLDER``, says of each what LibreOffice and Gnumeric show of it.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from benchmarks.corpus import HEADS, VERDICT, said
from benchmarks.deeds import Case, deeds

TABLE = Path(__file__).with_name("corpus.csv")
PROCESSES = 4  # shares of the corpus, so that several processes have something to do


@cache
def corpus() -> list[Case]:
    return list(deeds())


def test_the_table_says_what_each_shows_in_two_other_programs() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        heads, *rows = csv.reader(file)
    assert tuple(heads) == HEADS
    assert len(rows) >= 150
    assert [(row[1], row[2]) for row in rows] == [(case.group, case.name) for case in corpus()]
    assert {row[VERDICT] for row in rows} <= {"named", "refused"}
    assert all(row[HEADS.index(program)] != "(not tried)" for row in rows for program in ("LibreOffice", "Gnumeric"))


@pytest.mark.slow
@pytest.mark.parametrize("share", range(PROCESSES))
def test_none_is_verified(share: int, tmp_path: Path) -> None:
    for number, case in enumerate(corpus()[share::PROCESSES]):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(case.data)
        assert said(path)[0] in ("named", "refused"), (case.group, case.name)
