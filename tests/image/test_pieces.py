"""Which pieces of ink make up a digit, and which are none."""

import numpy as np
import pytest

from xlcnn.image import pieces

Mask = np.ndarray


def strokes(*boxes: tuple[int, int, int, int], size: tuple[int, int] = (100, 120)) -> Mask:
    """Filled rectangles: left, top, right, bottom."""
    mask = np.zeros(size, bool)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = True
    return mask


def digits(mask: Mask) -> list[Mask]:
    return pieces.digits(mask, mask.astype(np.float32))


def border(mask: Mask) -> Mask:
    return pieces.edge(mask, mask.astype(np.float32))


ONE = (50, 20, 56, 80)


def test_specks_and_what_is_far_away_are_dirt() -> None:
    (found,) = digits(strokes(ONE, (58, 30, 60, 32), (100, 20, 108, 28)))
    assert (found == strokes(ONE)).all()


def test_a_digit_in_two_pieces_keeps_both() -> None:
    five = strokes((40, 20, 70, 26), (40, 30, 46, 80))
    (found,) = digits(five)
    assert (found == five).all()


def test_a_broken_stroke_is_one_digit() -> None:
    zero = strokes((40, 20, 46, 80), (48, 20, 54, 80))  # two halves, two pixels apart
    assert len(digits(zero)) == 1


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_digits_are_counted_from_left_to_right(count: int) -> None:
    boxes = [(10 + 25 * k, 20 + 3 * k, 20 + 25 * k, 70) for k in range(count)]
    found = digits(strokes(*boxes[::-1]))
    assert [(mask == strokes(box)).all() for mask, box in zip(found, boxes, strict=True)] == [True] * count


def test_digits_one_above_the_other_are_two() -> None:
    assert len(digits(strokes((50, 5, 60, 35), (50, 60, 60, 95)))) == 2


def test_a_neighbour_that_is_cut_through_is_none() -> None:
    (found,) = digits(strokes(ONE, (112, 20, 120, 80)))
    assert (found == strokes(ONE)).all()


def test_nothing_is_no_digit() -> None:
    assert digits(np.zeros((20, 20), bool)) == []


@pytest.mark.parametrize(
    ("piece", "is_border"),
    [
        ((0, 0, 120, 6), True),  # a table's edge
        ((0, 10, 5, 90), True),
        ((80, 60, 120, 100), True),  # the corner of a shadow
        ((40, 30, 80, 70), False),  # as solid, but within
        ((50, 0, 58, 70), False),  # a digit that is cut off above
        ((0, 40, 3, 60), False),  # short: a digit's end, or a neighbour's
    ],
)
def test_what_is_the_border(piece: tuple[int, int, int, int], is_border: bool) -> None:
    assert (border(strokes(piece)) == (strokes(piece) & is_border)).all()
