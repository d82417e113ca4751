"""A small workbook, made once: the tests change single characters of its parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.networks import write_workbook
from tests.verifier.helpers import SMALL


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workbook(SMALL, tmp_path_factory.mktemp("small") / "small.xlsx")
