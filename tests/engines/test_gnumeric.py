"""A third program with formulas of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Damage, at
from tests.networks import uneven, write_workbook
from xlcnn import EngineError, verify
from xlcnn.engines import present
from xlcnn.engines.gnumeric import Gnumeric

pytestmark = [pytest.mark.gnumeric, pytest.mark.slow]


def test_gnumeric_verifies_it(seven: Path) -> None:
    report = verify(seven, engine="gnumeric", trials=1)
    assert report.ok, report.problems[:3]
    assert max(s.max_abs_error for s in report.sheets) < 1e-12
    assert re.fullmatch(r"\d+\.\d+.*", report.engine_version)


def test_another_network_in_gnumeric(tmp_path: Path) -> None:
    report = verify(write_workbook(uneven(), tmp_path / "uneven.xlsx"), engine="gnumeric", trials=1)
    assert report.ok, report.problems[:3]


def test_a_stored_result_is_not_believed(damage: Damage) -> None:
    path = damage("conv1", "output", (0, 9, 3), lambda xml: re.sub(r"<v>.*?</v>", "<v>999</v>", xml))
    report = verify(path, engine="gnumeric", trials=0)
    assert [(p.kind, p.sheet, p.cell) for p in report.problems] == [("stale", *at("conv1", "output", (0, 9, 3)))]


def test_it_ends_at_its_time_limit(seven: Path) -> None:
    with pytest.raises(EngineError, match="did not finish within"):
        verify(seven, engine=Gnumeric(timeout=0.02), trials=0)


@pytest.mark.libreoffice
def test_all_engines_side_by_side(seven: Path) -> None:
    command = [sys.executable, "-m", "xlcnn", "verify", str(seven), "--engine", "all", "--trials", "0"]
    out = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    names = [engine.name for engine in present()]
    assert {"formualizer", "libreoffice", "gnumeric"} <= set(names)
    assert out.splitlines()[0].split() == ["sheet", *names]
    assert sum(line.startswith("verified: ") for line in out.splitlines()) == len(names)
    data = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True).stdout)
    assert data["ok"]
    assert [e["engine"] for e in data["engines"]] == names
