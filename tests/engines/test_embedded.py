"""The engine in this very process."""

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from xlcnn.engines import embedded
from xlcnn.engines.embedded import Formualizer, Loaded, overwrites_formulas
from xlcnn.errors import EngineError
from xlcnn.xlsx.reader import Book, read_book


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """A1 and A2 are numbers, B1 their sum, B2 twice that; C1 fails, C2 says something, C3 is a truth value."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "S"
    page["A1"], page["A2"] = 1, 2
    page["B1"], page["B2"] = "=A1+A2", "=B1*2"
    page["C1"], page["C2"], page["C3"] = "=1/0", '="it is "&B1', "=B1=3"
    path = tmp_path / "book.xlsx"
    book.save(path)
    return read_book(path.read_bytes())


def put(row: int, col: int, value: object) -> dict[str, list[tuple[int, int, np.ndarray]]]:
    return {"S": [(row, col, np.array([[value]], dtype=object))]}


def test_every_kind_of_result(book: Book) -> None:
    (grids,) = Formualizer().recalculate(book, [{}], {"S": (3, 3)})
    assert grids["S"].rows == [[1.0, 3.0, "#DIV/0!"], [2.0, 6.0, "it is 3"], [None, None, True]]


def test_stored_results_are_not_believed(book: Book) -> None:
    forged = Book(book.data.replace(b"<v></v>", b"<v>9</v>"), book.sheets, book.paths, book.names)
    assert Formualizer().recalculate(forged, [{}], {"S": (1, 2)})[0]["S"].value(1, 2) == 3


def test_each_run_has_its_values(book: Book) -> None:
    grids = Formualizer().recalculate(book, [{}, put(1, 1, 10.0), put(1, 1, 20.0)], {"S": (2, 2)})
    assert [grid["S"].value(2, 2) for grid in grids] == [6, 24, 44]


def test_a_formula_may_be_overwritten_and_is_back_in_the_next_run(book: Book) -> None:
    grids = Formualizer().recalculate(book, [{}, put(1, 2, 100.0), {}], {"S": (2, 2)})
    assert [grid["S"].value(2, 2) for grid in grids] == [6, 200, 6]
    assert not overwrites_formulas(book, put(1, 1, 0))
    assert overwrites_formulas(book, put(1, 2, 0))


def test_words_can_be_put_in(book: Book) -> None:
    (grids,) = Formualizer().recalculate(book, [put(1, 1, "blur")], {"S": (1, 2)})
    assert grids["S"].value(1, 1) == "blur"
    assert grids["S"].value(1, 2) == "#VALUE!"


def test_only_what_is_asked_for_is_read_and_what_lies_beyond_is_empty(book: Book) -> None:
    (grids,) = Formualizer().recalculate(book, [{}], {"S": (1, 5)})
    assert list(grids) == ["S"]
    assert grids["S"].rows == [[1.0, 3.0, "#DIV/0!", None, None]]


def test_what_it_cannot_load_is_one_error() -> None:
    with pytest.raises(EngineError, match="formualizer cannot load this workbook"):
        Formualizer().recalculate(Book(b"rubbish", {}, {}, {}), [{}], {})


def test_a_sheet_that_is_not_there_is_empty(book: Book) -> None:
    (grids,) = Formualizer().recalculate(book, [{}], {"Nowhere": (1, 2)})
    assert grids["Nowhere"].rows == [[None, None]]


def test_it_says_its_version() -> None:
    assert Formualizer().version()[0].isdigit()


CELLS = [("S", (1, 2)), ("S", (2, 2)), ("S", (1, 3)), ("S", (2, 3)), ("S", (9, 9))]


def test_a_loaded_workbook_follows_each_change(book: Book) -> None:
    loaded = Loaded(book.data, CELLS)
    assert loaded.values({}) == [3.0, 6.0, "#DIV/0!", "it is 3", None]
    assert loaded.values(put(1, 1, 10.0))[:2] == [12, 24]
    assert loaded.values(put(2, 1, 5.0))[:2] == [15, 30]


def test_only_what_differs_goes_in(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, put_in = Loaded(book.data, CELLS[:1]), []
    put_all = embedded._put
    monkeypatch.setattr(embedded, "_put", lambda book, edits: put_in.append(edits["S"][0]) or put_all(book, edits))
    matrices = [np.array(rows)[:, None] for rows in ([1.0, 2], [1.0, 5], [1.0, 5], [4.0, 6], [1.0, 1])]
    found = [loaded.values({"S": [(1, 1, matrix)]})[0] for matrix in matrices]
    assert found == [3, 6, 6, 10, 2]
    assert [(row, col, matrix.tolist()) for row, col, matrix in put_in] == [
        (1, 1, [[1], [2]]), (2, 1, [[5]]), (1, 1, []), (1, 1, [[4], [6]]), (1, 1, [[1], [1]]),
    ]  # fmt: skip


def test_it_is_loaded_anew_now_and_then_and_answers_the_same(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    times, load = [], embedded._load
    monkeypatch.setattr(embedded, "_load", lambda data: times.append(data) or load(data))
    monkeypatch.setattr(Loaded, "RENEWED", 3)
    loaded = Loaded(book.data, CELLS[:1])
    matrices = [np.array([[float(k)], [7.0]]) for k in range(10)]  # the second number goes in only where it is not there
    assert [loaded.values({"S": [(1, 1, matrix)]}) for matrix in matrices] == [[k + 7] for k in range(10)]
    assert times == [book.data] * 4


def test_what_cannot_be_loaded_or_changed_is_one_error(book: Book) -> None:
    with pytest.raises(EngineError, match="formualizer cannot load this workbook"):
        Loaded(b"rubbish", []).values({})
    with pytest.raises(EngineError, match="formualizer cannot compute this workbook"):
        Loaded(book.data, []).values(put(0, 0, 1.0))
