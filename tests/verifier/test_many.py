"""Many workbooks are verified as each would be alone, by several processes."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.networks import write_workbook
from tests.verifier.helpers import SMALL
from xlcnn import verify
from xlcnn.verifier import many as module
from xlcnn.verifier.many import outcomes_of
from xlcnn.verifier.outcomes import Outcome

OPTIONS = {"trials": 0, "timeout": 120.0}


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A good workbook, one that is none, and a good one again."""
    folder = tmp_path_factory.mktemp("workbooks")
    paths = [folder / name for name in ("first.xlsx", "torn.xlsx", "last.xlsx")]
    for path in (paths[0], paths[2]):
        write_workbook(SMALL, path)
    paths[1].write_bytes(b"PK")
    return paths


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_has_its_report_or_its_error(workbooks: list[Path], jobs: int) -> None:
    found = list(outcomes_of(workbooks, "formualizer", None, jobs, **OPTIONS))
    assert [outcome.workbook for outcome in found] == workbooks
    assert [outcome.ok for outcome in found] == [True, False, True]
    assert found[0].reports == (verify(workbooks[0], trials=0),)
    assert found[1].error == str(found[1].failure)
    assert "torn.xlsx" in found[1].error


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills a process")
def test_one_that_ends_its_process_is_one_outcome(workbooks: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "outcome_of", deadly)
    found = list(outcomes_of(workbooks, "formualizer", None, 2, **OPTIONS))
    assert [outcome.error for outcome in found] == [
        "",
        f"{workbooks[1]} could not be verified: the process that did it has ended",
        "",
    ]


def deadly(workbook: Path, **_: object) -> Outcome:
    if workbook.name == "torn.xlsx":
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome(workbook)
