"""Short versions of the long runs: damage is named, honest edits raise no alarm, no deceptive workbook is verified."""

from itertools import islice
from pathlib import Path

import pytest

from benchmarks import honest, mutation
from benchmarks.corpus import said
from benchmarks.deeds import deeds

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("book", "count"), [("small", 150), ("seven", 12), ("residual", 8)])
def test_mutants_are_named_or_harmless(book: str, count: int) -> None:
    for number in range(count):
        kind, outcome, said = mutation.verdict((number, 1), mutation.Options(book, trials=1))
        assert outcome in ("named", "refused", "harmless"), (kind, said)


@pytest.mark.parametrize(("book", "count"), [("small", 40), ("seven", 6), ("residual", 3)])
def test_honestly_edited_workbooks_are_verified(book: str, count: int) -> None:
    for number in range(count):
        kinds, alarm, _ = honest.trial((number, 1, "openpyxl" if number % 8 == 7 else ""), book=book)
        assert not alarm, kinds


@pytest.mark.libreoffice
def test_an_honestly_edited_workbook_saved_by_libreoffice_is_verified() -> None:
    kinds, alarm, _ = honest.trial((100, 1, "libreoffice"))
    assert not alarm, kinds


def test_no_deceptive_workbook_of_a_residual_network_is_verified(tmp_path: Path) -> None:
    """Every twentieth; `test_corpus.py` has all of the small workbook."""
    path = tmp_path / "deceptive.xlsx"
    for case in islice(deeds("residual"), 7, None, 20):
        path.write_bytes(case.data)
        assert said(path)[0] in ("named", "refused"), (case.group, case.name)
