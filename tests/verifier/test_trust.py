"""Short versions of the two long runs: damage is caught and named, honest edits raise no alarm."""

import pytest

from benchmarks import honest, mutation

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("book", "count"), [("small", 150), ("seven", 12)])
def test_mutants_are_named_or_harmless(book: str, count: int) -> None:
    for number in range(count):
        kind, outcome, said = mutation.verdict((number, 1), mutation.Options(book, trials=1))
        assert outcome in ("named", "refused", "harmless"), (kind, said)


@pytest.mark.parametrize(("book", "count"), [("small", 40), ("seven", 6)])
def test_honestly_edited_workbooks_are_verified(book: str, count: int) -> None:
    for number in range(count):
        kinds, alarm, _ = honest.trial((number, 1, "openpyxl" if number % 8 == 7 else ""), book=book)
        assert not alarm, kinds


@pytest.mark.libreoffice
def test_an_honestly_edited_workbook_saved_by_libreoffice_is_verified() -> None:
    kinds, alarm, _ = honest.trial((100, 1, "libreoffice"))
    assert not alarm, kinds
