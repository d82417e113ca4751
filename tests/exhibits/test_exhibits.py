"""The sheets to play with: numbers worked by hand, and what happens when somebody plays."""

from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.conftest import EXHIBITS
from xlcnn import Network, find_template, load_image, verify
from xlcnn.errors import NetworkError
from xlcnn.exhibits import Boundary, Classes, Exhibit, Functions, Linear
from xlcnn.exhibits.linear import correlate
from xlcnn.layers import Array, Part
from xlcnn.layout import Layout, lay_out
from xlcnn.workbook.package import store_results


def values(exhibit: Exhibit, incoming: Part | None = None, **changes: object) -> dict[str, Array]:
    """All of an exhibit's parts in NumPy, with its defaults and some changes."""
    parts = exhibit.parts(*([incoming] if incoming else []))
    given = exhibit.constants(parts) | exhibit.defaults(parts) | {k: np.asarray(v, dtype=float) for k, v in changes.items()}
    return exhibit.forward(parts, given)


# ---- the mathematics ----


def test_the_articles_five_classes() -> None:
    v = values(Classes("c", "C", ()))
    assert v["sum"] == pytest.approx(8.45, abs=0.005)
    assert v["probability"].sum() == pytest.approx(1)
    assert v["probability"][0] == pytest.approx(3.3201 / 8.4504, abs=1e-4)
    assert v["answer"].tolist() == [1, 1, 0, 0, 0]


def test_the_threshold_decides_how_many_answers() -> None:
    assert values(Classes("c", "C", ()), threshold=0)["answer"].sum() == 5
    assert values(Classes("c", "C", ()), threshold=0.99)["answer"].sum() == 0
    assert values(Classes("c", "C", ()), score=[0, 0, 0, 0, 0], threshold=0.5)["answer"].sum() == 5


def test_sigmoid_and_relu_at_x() -> None:
    v = values(Functions("f", "F", ()), at=-2)
    assert v["relu_at"] == 0
    assert v["sigmoid_at"] == pytest.approx(0.1192029)
    assert v["sigmoid"][10] == 0.5


def linear(**changes: object) -> dict[str, Array]:
    image = np.random.default_rng(0).uniform(size=(1, 9, 8))
    return values(Linear("l", "L", ("input",)), Part("source", image.shape), **{"in": image, **changes})


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
    composed = linear(a=shift, b=shift)["composed"]
    expected = np.zeros((5, 5))
    expected[0, 4] = 1
    assert (composed == expected).all()


def test_any_two_filters_compose() -> None:
    random = np.random.default_rng(1)
    a, b, x = random.normal(size=(3, 3)), random.normal(size=(3, 3)), random.normal(size=(9, 8))
    composed = linear(a=a, b=b)["composed"]
    assert np.allclose(correlate(correlate(x, a), b), correlate(x, composed), atol=1e-12)


def test_the_boundary_bends_only_with_relu() -> None:
    bent, straight = values(Boundary("b", "B", ())), values(Boundary("b", "B", ()), switch=0)
    assert bent["right"] == 13
    assert straight["right"] < 13
    # a straight boundary: on every row the answer changes at most once
    changes = np.abs(np.diff((straight["p"] >= 0.5).astype(int), axis=1)).sum(axis=1)
    assert changes.max() <= 1
    assert np.abs(np.diff((bent["p"] >= 0.5).astype(int), axis=1)).sum(axis=1).max() == 2


def test_an_exhibit_says_what_it_cannot_read() -> None:
    with pytest.raises(NetworkError, match="at least 6 × 6"):
        Linear("l", "L", ("x",)).parts(Part("computed", (2, 9, 9)))
    with pytest.raises(NetworkError, match="reads no other layer"):
        Functions("f", "F", ("x",)).parts(Part("computed", (3,)))


# ---- the sheets ----


@pytest.fixture(scope="module")
def layout(network: Network) -> Layout:
    return lay_out(network, find_template().exhibits)


#: What a class would try: sheet, part, index, new value.
PLAYS = [
    ("functions", "at", (), -1.25),
    ("classes", "score", (2,), 3.5),
    ("classes", "threshold", (), 0.2),
    ("linear", "switch", (), 1),
    ("linear", "a", (1, 1), -2),
    ("boundary", "switch", (), 0),
    ("boundary", "hidden", (0, 1), 2.5),
    ("boundary", "outer", (3, 0), 0.0),
]


def play(seven: Path, layout: Layout, path: Path, plays: list[tuple[str, str, tuple[int, ...], float]]) -> Path:
    """The workbook with some cells changed, not recalculated."""
    book = openpyxl.load_workbook(seven)
    for name, part, index, value in plays:
        sheet = layout.sheets[name]
        book[sheet.layer.sheet].cell(*sheet.references.locate(part, index)).value = value
    book.save(path)
    return path


@pytest.mark.parametrize("change", PLAYS, ids=lambda c: f"{c[0]} {c[1]}")
def test_playing_is_honest_and_changes_the_sheet(
    seven: Path, layout: Layout, tmp_path: Path, change: tuple[str, str, tuple[int, ...], float]
) -> None:
    path = play(seven, layout, tmp_path / "played.xlsx", [change])
    path.write_bytes(store_results(path.read_bytes()))
    report = verify(path, trials=0)
    assert report.ok, report.problems[:3]
    before, after = openpyxl.load_workbook(seven, data_only=True), openpyxl.load_workbook(path, data_only=True)
    sheet = layout.sheets[change[0]]
    parts = [n for n, p in sheet.parts.items() if p.role == "computed"]
    cells = [c for n in parts for c in sheet.positions(n).reshape(-1, 2).tolist()]
    assert any(before[sheet.layer.sheet].cell(*c).value != after[sheet.layer.sheet].cell(*c).value for c in cells)


@pytest.mark.libreoffice
@pytest.mark.slow
def test_all_of_it_played_with_in_libreoffice(seven: Path, layout: Layout, tmp_path: Path, network: Network) -> None:
    path = play(seven, layout, tmp_path / "played.xlsx", PLAYS)
    report = verify(path, engine="libreoffice", trials=1)
    assert report.ok, report.problems[:3]
    assert {s.sheet for s in report.sheets} >= set(EXHIBITS)


def test_what_the_sheet_stores_is_what_numpy_gives(seven: Path, layout: Layout) -> None:
    """Read with openpyxl, compared with NumPy, without the verifier."""
    book = openpyxl.load_workbook(BytesIO(seven.read_bytes()), data_only=True)
    image = load_image(Path(__file__).parents[2] / "docs" / "seven.png")
    for exhibit in find_template().exhibits:
        sheet = layout.sheets[exhibit.name]
        given = exhibit.constants(sheet.parts) | exhibit.defaults(sheet.parts)
        if exhibit.inputs:
            given["in"] = image
        for part, expected in exhibit.forward(sheet.parts, given).items():
            where = sheet.positions(part).reshape(-1, 2).tolist()
            found = np.array([book[exhibit.sheet].cell(*c).value for c in where], dtype=float)
            assert np.abs(found - expected.ravel()).max() < 1e-9, f"{exhibit.name}.{part}"
