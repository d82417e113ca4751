"""The small network's workbook, and MNIST's files in its shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluation.data import write_idx
from tests.networks import write_workbook
from tests.verifier.helpers import SMALL


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of the small network, with a random image."""
    return write_workbook(SMALL, tmp_path_factory.mktemp("small") / "small.xlsx")


@pytest.fixture(scope="session")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty images of 6 × 6 pixels with labels from 0 to 2."""
    return write_idx(tmp_path_factory.mktemp("mnist"))
