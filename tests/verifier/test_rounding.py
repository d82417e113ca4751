"""Large terms that nearly cancel: their rounding is no mistake, and everything beyond it is one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.verifier.helpers import recalculated_as_it_stands
from tests.verifier.shown.deceptions import cells, first
from xlcnn import verify


def with_weights(source: Path, target: Path, scale: float) -> Path:
    """A copy with large random weights; its stored results are gone."""
    random = np.random.default_rng(3)
    book = openpyxl.load_workbook(source)
    for name in list(book.defined_names):
        if name.startswith(("dense.weights", "conv.learned")):
            for cell in cells(book, name):
                cell.value = float(random.uniform(-scale, scale))
    book.save(target)
    return target


@pytest.mark.parametrize("scale", [1e3, 1e7, 1e10])
def test_large_weights_are_verified(small: Path, tmp_path: Path, scale: float) -> None:
    report = verify(with_weights(small, tmp_path / "large.xlsx", scale), timeout=None)
    assert report.ok, report.problems


@pytest.mark.parametrize("scale", [1.0, 1e7])
def test_the_slack_is_a_tiny_share_of_the_terms(small: Path, tmp_path: Path, scale: float) -> None:
    run = recalculated_as_it_stands(with_weights(small, tmp_path / "large.xlsx", scale))
    terms = np.abs(run.reference["dense"]["product"]).max()
    slack = run.slack["dense"]["output"]
    assert (slack < 1e-11 * terms).all()
    assert (slack > 1e-16 * terms).any()
    assert (run.own_slack["dense"]["output"] < 1e-11 * terms).all()


def test_beyond_it_a_constant_is_found(small: Path, tmp_path: Path) -> None:
    path = with_weights(small, tmp_path / "large.xlsx", 1e7)
    right = recalculated_as_it_stands(path)
    terms = float(np.abs(right.reference["dense"]["product"]).max())
    book = openpyxl.load_workbook(path)
    cell = first(book, "dense.score")
    cell.value = f"{cell.value}+{1e-9 * terms!r}"
    book.save(path)
    assert cell.coordinate in {p.cell for p in verify(path, timeout=None).problems}
