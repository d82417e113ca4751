"""The input: the image itself, or one chosen among the user's own and the galleries' pictures."""

import numpy as np
import pytest

from tests.sheets.alone import run, sources, stand
from xlcnn.errors import NetworkError
from xlcnn.layout.placed import lay_out
from xlcnn.sheets.gallery import Gallery
from xlcnn.sheets.graph import declare
from xlcnn.sheets.layers.input import Input
from xlcnn.sheets.parts import Labels, Part, Picture, Values, compute
from xlcnn.sheets.plan import plan

SIZE = (1, 2, 2)


def galleries(**pictures: int) -> list[Gallery]:
    return [Gallery(name, name.title(), (), pictures=count, shape=SIZE) for name, count in pictures.items()]


def choosing(**pictures: int) -> dict[str, Part]:
    """The parts of an input that chooses among galleries."""
    return declare([*galleries(**pictures), Input("input", "Input", tuple(pictures), shape=SIZE)])["input"]


def test_without_galleries_the_image_itself_is_the_input() -> None:
    parts = Input("input", "Input", (), shape=SIZE).declare([])
    assert [*parts] == ["output", "valid"]
    assert isinstance(parts["output"], Picture)


def given_values(**changes: object) -> Values:
    values = {
        "user": np.zeros(SIZE), "from.samples": np.arange(8.0).reshape(2, *SIZE), "from.draw": np.full((1, *SIZE), 9.0),
    }  # fmt: skip
    return values | {name: np.asarray(value, dtype=float) for name, value in changes.items()}


def test_the_input_is_the_chosen_picture() -> None:
    parts = choosing(samples=2, draw=1)
    found = [compute(parts, dict(given_values(choice=n)))["output"].ravel().tolist() for n in (1, 2, 3, 4)]
    assert found == [[0, 0, 0, 0], [0, 1, 2, 3], [4, 5, 6, 7], [9, 9, 9, 9]]


def test_the_drop_down_names_each_picture_of_each_gallery() -> None:
    parts = choosing(samples=2, draw=1)
    assert isinstance(parts["options"], Labels)
    assert parts["options"].keys == (("user", 0), ("samples", 0), ("samples", 1), ("draw", 0))


def test_the_formula_chooses_among_cells_of_the_same_place() -> None:
    """An empty cell is no number until 0 is added to it."""
    placed = lay_out(plan([Input("input", "Input", (), shape=SIZE)], galleries(samples=2, draw=1)))
    at = placed["input"].references
    there = [f"Samples!{placed['samples'].references('output', k, 0, 1, 0)}" for k in range(2)]
    there.append(f"Draw!{placed['draw'].references('output', 0, 0, 1, 0)}")
    expected = f"=IFERROR(CHOOSE({at.fixed('number')},{at('user', 0, 1, 0)},{','.join(there)})+0,0)"
    assert placed["input"].formula("output", (0, 1, 0)) == expected


@pytest.mark.parametrize(
    ("pixels", "valid"),
    [([0, 1, 0.5, 0.2], 1), ([0, 1.01, 0, 0], 0), ([0, 255, 0, 0], 0), ([-0.1, 0, 0, 0], 0), ([0, np.nan, 0, 0], 0)],
)
def test_pixels_lie_between_paper_and_ink(pixels: list[float], valid: int) -> None:
    parts = choosing(samples=2, draw=1)
    user = np.array(pixels).reshape(SIZE)
    assert compute(parts, dict(given_values(choice=1, user=user)))["valid"] == valid


def test_the_galleries_own_pixels_are_checked_on_their_own_sheets() -> None:
    gallery = Gallery("g", "G", (), pictures=2, shape=SIZE)
    for ink, valid in ((1.0, 1), (1.5, 0)):
        output = np.zeros((2, *SIZE))
        output[1, 0, 1, 1] = ink
        assert run(gallery, output=output)["valid"] == valid
    placed = stand(gallery)
    both = ",".join(placed.references.whole("output", k, 0) for k in range(2))
    assert placed.formula("valid", ()) == f"=IF(AND(MIN({both})>=0,MAX({both})<=1,COUNT({both})=COUNTA({both})),1,0)"


def test_an_input_chooses_only_among_pictures_of_its_own_size() -> None:
    layer = Input("input", "Input", ("x",), shape=SIZE)
    with pytest.raises(NetworkError, match="can choose only among pictures of shape"):
        layer.declare(sources(SIZE))
    with pytest.raises(NetworkError, match="can choose only among pictures of shape"):
        layer.declare([Picture("output", (5, 1, 2, 3), home="x")])


def test_an_input_chooses_among_at_most_29_pictures() -> None:
    choosing(samples=28)
    with pytest.raises(NetworkError, match="can choose among 29 pictures, not 30"):
        choosing(samples=28, draw=1)


def test_a_gallery_has_as_many_maps_as_one_formula_can_look_at() -> None:
    with pytest.raises(NetworkError, match="has at most 250 maps"):
        Gallery("g", "G", (), pictures=84, shape=(3, 2, 2)).declare([])
    Gallery("g", "G", (), pictures=83, shape=(3, 2, 2)).declare([])


def test_the_users_picture_stands_below_the_list_or_beside_the_map() -> None:
    alone = stand(Input("input", "Input", (), shape=SIZE))
    row, col, _, _ = alone.sheet.picture_places(alone.blocks)["own"]
    assert col > max(b.col + b.columns - 1 for b in alone.blocks)
    assert row >= min(b.row for b in alone.blocks)


# ---- more maps than a formula can name ----


def test_whether_pixels_are_as_they_should_be_is_said_of_so_many_maps_at_a_time() -> None:
    layer = Input("input", "Input", (), shape=(150, 2, 2))
    parts = layer.declare([])
    assert [*parts] == ["output", "checked", "valid"]
    image = np.full((150, 2, 2), 0.5)
    assert compute(parts, {"output": image})["checked"].tolist() == [1, 1, 1]
    image[70, 1, 1] = 2
    v = compute(parts, {"output": image})
    assert v["checked"].tolist() == [1, 0, 1]
    assert v["valid"] == 0
    placed = stand(layer)
    assert placed.formula("valid", ()) == f"=MIN({placed.references.whole('checked')})"
    blocks = [placed.references.whole("output", k) for k in range(150)]
    for g in range(3):
        formula = placed.formula("checked", (g,)) or ""
        assert [formula.count(f"{block}") for block in blocks] == [4 * (k // 64 == g) for k in range(150)]
