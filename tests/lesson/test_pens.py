"""Digits that xlcnn draws itself to learn from: the same for one seed, all ten, and prepared as MNIST's."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from xlcnn.lesson.pens import WAYS, along, by_hand, draw_digit, draw_digits, inked, through, written

COUNT = 200
IMAGES, LABELS = draw_digits(COUNT, np.random.default_rng(0))

each = pytest.mark.parametrize("digit", range(10))
way = pytest.mark.parametrize("way", [way for ways in WAYS for way in ways])


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    again, other = (draw_digits(COUNT, np.random.default_rng(seed))[0] for seed in (0, 1))
    assert (again == IMAGES).all()
    assert (other != IMAGES).any((1, 2, 3)).all()


def test_all_digits_are_drawn_equally_often() -> None:
    assert np.bincount(LABELS).tolist() == [COUNT // 10] * 10
    assert draw_digits(7, np.random.default_rng(0))[1].tolist() == list(range(7))


def test_none_may_be_drawn() -> None:
    images, labels = draw_digits(0, np.random.default_rng(0))
    assert (images.shape, labels.shape) == ((0, 1, 28, 28), (0,))


def test_they_look_like_mnists() -> None:
    assert IMAGES.shape == (COUNT, 1, 28, 28)
    assert IMAGES.min() == 0
    assert IMAGES.max() == 1
    assert (np.round(IMAGES * 255) / 255 == IMAGES).all(), "as if read from a file"
    down, right = np.mgrid[:28, :28]
    for image in IMAGES[:, 0]:
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        sides = [int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1]
        assert 19 <= max(sides) <= 20
        if min(rows[0], columns[0]) > 0 and max(rows[-1], columns[-1]) < 27:
            assert abs((image * down).sum() / image.sum() - 13.5) <= 0.51
            assert abs((image * right).sum() / image.sum() - 13.5) <= 0.51
        assert 0.02 < image.mean() < 0.35, "neither a speck nor a blot"


@each
def test_no_two_of_a_digit_are_alike(digit: int) -> None:
    mine = IMAGES[digit == LABELS, 0]
    assert len({image.tobytes() for image in mine}) == len(mine)


@way
def test_every_way_is_understood_whole(way: str) -> None:
    left = re.sub(r"\d+,\d+(±\d+)?", "", way)
    assert set(left) <= set("~| ")
    strokes = written(way, np.random.default_rng(0))
    assert len(strokes) == way.count("|") + 1
    assert all(-0.3 < value < 1.3 for points in strokes for value in points.flatten())


def test_points_lie_near_where_they_are_said_to() -> None:
    random = np.random.default_rng(0)
    starts = np.array([written("30,40±20 50,100", random)[0][0] for _ in range(300)])
    ends = np.array([written("30,40±20 50,100", random)[0][-1] for _ in range(300)])
    assert 0.17 < np.abs(starts - (0.3, 0.4)).max() <= 0.2
    assert 0.05 < np.abs(ends - (0.5, 1.0)).max() <= 0.06


def test_strokes_that_meet_do_so() -> None:
    first, second = written("10,10 50,50±9 | ~50,50±9 80,20 90,90", np.random.default_rng(0))
    assert (first[-1] == second[0]).all()


@pytest.mark.parametrize("how", [along, through])
def test_a_stroke_passes_its_points(how: Callable[[np.ndarray], np.ndarray]) -> None:
    points = np.array([[0.0, 0.0], [0.5, 0.2], [0.4, 0.9], [1.0, 1.0]])
    found = how(points)
    assert all(np.abs(found - point).sum(axis=1).min() < 1e-9 for point in points)
    assert np.abs(np.diff(found, axis=0)).max() < 0.15


def test_a_closed_curve_has_no_corner_where_it_closes() -> None:
    steps = np.diff(through(np.array([[0.5, 0.0], [0.0, 0.5], [0.5, 1.0], [1.0, 0.5], [0.5, 0.0]])), axis=0)
    first, last = (step / np.linalg.norm(step) for step in (steps[0], steps[-1]))
    assert first @ last > 0.95


def test_pens_are_fine_and_thick() -> None:
    random = np.random.default_rng(0)
    drawn = [inked([np.array([[0.5, 0.0], [0.5, 1.0]])], random) > 0 for _ in range(99)]
    widths = [ink.any(axis=0).sum() / ink.any(axis=1).sum() for ink in drawn]
    assert min(widths) < 0.1
    assert max(widths) > 0.2


def test_hands_lean_to_both_sides() -> None:
    random = np.random.default_rng(0)
    stems = [by_hand([np.array([[0.5, 1.0], [0.5, 0.0]])], 1, random)[0] for _ in range(50)]
    leans = [top - foot for foot, top in (stem[:, 0] for stem in stems)]
    assert min(leans) < -0.1
    assert max(leans) > 0.2


@each
def test_every_digit_can_be_drawn_by_itself(digit: int) -> None:
    assert draw_digit(digit, np.random.default_rng(3)).shape == (28, 28)
