"""Short versions of the two long runs: damage is caught and named, honest edits raise no alarm."""

import pytest

from benchmarks import honest, mutation

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", range(45))
def test_a_mutant_is_named_or_harmless(number: int) -> None:
    kind, outcome, said = mutation.verdict((number, 1))
    assert outcome in ("named", "refused", "harmless"), (kind, said)


@pytest.mark.parametrize("number", range(24))
def test_an_honestly_edited_workbook_is_verified(number: int) -> None:
    kinds, alarm, _ = honest.trial((number, 1, "openpyxl" if number == 23 else ""))
    assert not alarm, kinds


@pytest.mark.libreoffice
def test_an_honestly_edited_workbook_saved_by_libreoffice_is_verified() -> None:
    kinds, alarm, _ = honest.trial((100, 1, "libreoffice"))
    assert not alarm, kinds
