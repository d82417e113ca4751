"""Many workbooks are verified as each would be alone, by several processes."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.digits import draw
from tests.networks import write_workbook
from tests.verifier.helpers import SMALL
from xlcnn import ImageError, verify
from xlcnn.verifier import many as module
from xlcnn.verifier.many import outcomes_of
from xlcnn.verifier.outcomes import Outcome
from xlcnn.verifier.report import Report
from xlcnn.xlsx.reader import WorkbookFile

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


@pytest.mark.slow
def test_a_cluster_says_the_same(cluster: str, workbooks: list[Path]) -> None:
    missing = workbooks[0].with_name("missing.xlsx")
    with_it = [*workbooks, missing]
    here = list(outcomes_of(with_it, "formualizer", None, 1, **OPTIONS))
    there = list(outcomes_of(with_it, "formualizer", None, scheduler=cluster, **OPTIONS))
    assert here == there
    assert [(type(one.failure), str(one.failure)) for one in here] == [(type(one.failure), str(one.failure)) for one in there]
    assert there[3].error == f"{missing} cannot be read: No such file or directory"


@pytest.mark.slow
def test_the_picture_goes_there_too(cluster: str, workbooks: list[Path], tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    draw("3", size=(80, 80), pen=5).save(picture)
    here = list(outcomes_of(workbooks, "formualizer", str(picture), 1, **OPTIONS))
    assert here == list(outcomes_of(workbooks, "formualizer", str(picture), scheduler=cluster, **OPTIONS))
    assert {problem.kind for problem in here[0].reports[0].problems} == {"image"}
    with pytest.raises(ImageError, match=r"nowhere\.png cannot be read"):
        list(outcomes_of(workbooks, "formualizer", "nowhere.png", scheduler=cluster, **OPTIONS))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills a process")
def test_one_that_ends_its_workers_is_one_outcome(cluster: str, workbooks: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "reports_there", deadly_there)
    found = list(outcomes_of(workbooks, "formualizer", None, scheduler=cluster, **OPTIONS))
    reason = f"{workbooks[1]} could not be verified: the process that did it has ended"
    assert [outcome.error for outcome in found] == ["", reason, ""]


def deadly_there(file: WorkbookFile, **_: object) -> tuple[Report, ...]:
    if Path(file.name).name == "torn.xlsx":
        os.kill(os.getpid(), signal.SIGKILL)
    return ()
