"""The sheets to play with: numbers worked by hand, and what happens when somebody plays."""

from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.conftest import LESSON, SEVEN, edited, recalculated, tab, titles
from tests.sheets.alone import given_anew, run, sources
from xlcnn import load_image, verify
from xlcnn.errors import NetworkError
from xlcnn.sheets.base import EXHIBIT
from xlcnn.sheets.exhibits import EXHIBITS
from xlcnn.sheets.exhibits.boundary import Boundary
from xlcnn.sheets.exhibits.classes import Classes
from xlcnn.sheets.exhibits.functions import Functions
from xlcnn.sheets.exhibits.linear import ComposedConvolution, correlate
from xlcnn.sheets.parts import Array, compute

CLASSES, FUNCTIONS, BOUNDARY = Classes("c", "C", ()), Functions("f", "F", ()), Boundary("b", "B", ())
LINEAR = ComposedConvolution("l", "L", ("input",))

# ---- the mathematics ----


def test_the_articles_five_classes() -> None:
    v = run(CLASSES)
    assert v["sum"] == pytest.approx(8.45, abs=0.005)
    assert v["probability"].sum() == pytest.approx(1)
    assert v["probability"][0] == pytest.approx(3.3201 / 8.4504, abs=1e-4)
    assert v["answer"].tolist() == [1, 1, 0, 0, 0]


def test_the_threshold_decides_how_many_answers() -> None:
    assert run(CLASSES, threshold=0)["answer"].sum() == 5
    assert run(CLASSES, threshold=0.99)["answer"].sum() == 0
    assert run(CLASSES, score=[0, 0, 0, 0, 0], threshold=0.5)["answer"].sum() == 5


def test_sigmoid_and_relu_at_x() -> None:
    v = run(FUNCTIONS, at=-2)
    assert v["relu_at"] == 0
    assert v["sigmoid_at"] == pytest.approx(0.1192029)
    assert v["sigmoid"][10] == 0.5
    assert v["relu"].tolist() == [0.0] * 10 + [k / 2 for k in range(11)]


def linear(**changes: object) -> dict[str, Array]:
    return run(LINEAR, np.random.default_rng(0).uniform(size=(1, 9, 8)), **changes)


def test_two_convolutions_are_one_until_relu_stands_between() -> None:
    v = linear()
    assert np.abs(v["difference"]).max() < 1e-12
    assert v["largest"] < 1e-12
    v = linear(switch=1)
    assert v["largest"] == np.abs(v["difference"]).max() > 0.01


def test_the_composed_filter_by_hand() -> None:
    """Shifting by one and shifting by one is shifting by two."""
    shift = np.zeros((3, 3))
    shift[0, 2] = 1
    expected = np.zeros((5, 5))
    expected[0, 4] = 1
    assert (linear(a=shift, b=shift)["composed"] == expected).all()


def test_any_two_filters_compose() -> None:
    random = np.random.default_rng(1)
    a, b, x = random.normal(size=(3, 3)), random.normal(size=(3, 3)), random.normal(size=(9, 8))
    assert np.allclose(correlate(correlate(x, a), b), correlate(x, linear(a=a, b=b)["composed"]), atol=1e-12)


def test_the_boundary_bends_only_with_relu() -> None:
    bent, straight = run(BOUNDARY), run(BOUNDARY, switch=0)
    assert bent["right"] == 13
    assert straight["right"] < 13

    def changes(p: Array) -> int:
        """How often the answer changes along a row, at most."""
        return int(np.abs(np.diff((p >= 0.5).astype(int), axis=1)).sum(axis=1).max())

    assert changes(straight["p"]) <= 1
    assert changes(bent["p"]) == 2


def test_an_exhibit_says_what_it_cannot_read() -> None:
    for shape in ((2, 9, 9), (1, 5, 9)):
        with pytest.raises(NetworkError, match="reads one map of at least 6 × 6"):
            LINEAR.declare(sources(shape))
    with pytest.raises(NetworkError, match="reads feature maps"):
        LINEAR.declare(sources((9,)))
    for exhibit in (FUNCTIONS, CLASSES, BOUNDARY):
        with pytest.raises(NetworkError, match="reads no other layer"):
            exhibit.declare(sources((3,)))


def test_every_kind_of_exhibit_is_in_the_lesson() -> None:
    assert {placed.sheet.kind for placed in LESSON.values() if placed.sheet.group == EXHIBIT} == set(EXHIBITS)


# ---- the sheets ----

Play = tuple[str, str, tuple[int, ...], float]

#: What a class would try: sheet, part, index, new value. Each list is played at once, on sheets of their own.
PLAYS: list[list[Play]] = [
    [("functions", "at", (), -1.25), ("classes", "score", (2,), 3.5), ("linear", "switch", (), 1), ("boundary", "switch", (), 0)],
    [("classes", "threshold", (), 0.2), ("linear", "a", (1, 1), -2), ("boundary", "hidden", (0, 1), 2.5)],
    [("boundary", "outer", (3, 0), 0.0)],
]


def play(seven: Path, path: Path, plays: list[Play]) -> Path:
    """The workbook with some cells changed, not recalculated."""
    return edited(seven, path, {(sheet, part, index): value for sheet, part, index, value in plays})


@pytest.fixture(scope="module")
def stored(seven: Path) -> Workbook:
    """What the workbook stores, before anybody played."""
    return openpyxl.load_workbook(seven, data_only=True)


def results(book: Workbook, sheet: str) -> dict[str, Array]:
    """The numbers that a workbook stores for a sheet's formulas."""
    page, placed, found = book[tab(sheet)], LESSON[sheet], {}
    for part in placed.parts.values():
        if part.is_computed:
            where = placed.positions(part.name)
            cells = [page.cell(row, col).value for row, col in where.reshape(-1, 2).tolist()]
            found[part.name] = np.array(cells, dtype=float).reshape(part.shape)
    return found


@pytest.mark.parametrize("plays", PLAYS, ids=lambda plays: ", ".join(f"{sheet} {part}" for sheet, part, *_ in plays))
def test_playing_is_honest_and_changes_the_sheet(seven: Path, stored: Workbook, tmp_path: Path, plays: list[Play]) -> None:
    path = recalculated(play(seven, tmp_path / "played.xlsx", plays))
    report = verify(path, trials=0)
    assert report.ok, report.problems[:3]
    played = openpyxl.load_workbook(path, data_only=True)
    for sheet, *_ in plays:
        before, after = results(stored, sheet), results(played, sheet)
        assert any((before[part] != after[part]).any() for part in before), sheet


def test_what_the_sheet_stores_is_what_numpy_gives(stored: Workbook) -> None:
    """Read with openpyxl, compared with NumPy, without the verifier."""
    image = load_image(SEVEN)
    for name, placed in LESSON.items():
        if placed.sheet.group == EXHIBIT:
            given = dict(given_anew(dict(placed.parts))) | (
                dict.fromkeys(("in", "from.input.user"), image) if placed.sheet.inputs else {}
            )
            expected = compute(placed.parts, given)
            for part, found in results(stored, name).items():
                assert np.abs(found - expected[part]).max() < 1e-9, f"{name}.{part}"


@pytest.mark.libreoffice
@pytest.mark.slow
def test_all_of_it_played_with_in_libreoffice(seven: Path, tmp_path: Path) -> None:
    path = play(seven, tmp_path / "played.xlsx", [one for plays in PLAYS for one in plays])
    report = verify(path, engine="libreoffice", trials=1)
    assert report.ok, report.problems[:3]
    assert {s.sheet for s in report.sheets} >= set(titles(EXHIBIT))
