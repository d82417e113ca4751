"""What a digit looks like, and what does not: held against pictures that nothing was learned from."""

from contextlib import suppress

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from benchmarks.likeness import glued, grouped, learned, strokes
from benchmarks.nodigits import KINDS, without_digit
from tests.digits import draw
from xlcnn import ImageError, Template, find_template
from xlcnn.image import to_input
from xlcnn.lesson.doubt import LIKE_FROM, is_sure
from xlcnn.lesson.likeness import DIGITS, FILE, NONE, Likeness, are_digits, can_tell, reduced, shipped
from xlcnn.lesson.predict import answered
from xlcnn.network.network import Answer

PAPER, INK = (250, 248, 240), (20, 20, 60)


def read(picture: Image.Image) -> np.ndarray:
    return to_input(picture, "a picture", False, (28, 28))


def page() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (300, 300), PAPER)
    return picture, ImageDraw.Draw(picture)


def face() -> Image.Image:
    picture, canvas = page()
    canvas.ellipse([50, 50, 250, 250], outline=INK, width=9)
    for x in (110, 190):
        canvas.ellipse([x - 9, 110, x + 9, 128], fill=INK)
    canvas.arc([100, 110, 200, 210], 20, 160, fill=INK, width=9)
    return picture


def typed(letter: str) -> Image.Image:
    picture, canvas = page()
    canvas.text((150, 150), letter, fill=INK, font=ImageFont.load_default(180), anchor="mm")
    return picture


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    """Ten drawn digits, in their order."""
    return np.stack([read(draw(str(k), pen=24)) for k in range(DIGITS)])


def test_most_digits_look_like_what_they_are(digits: np.ndarray) -> None:
    shares = shipped().shares(digits, np.arange(DIGITS))
    assert (shares >= LIKE_FROM).sum() >= 9
    assert np.median(shares) > 0.2


def test_a_digit_looks_most_like_what_it_is(digits: np.ndarray) -> None:
    excess = np.stack([shipped().excess(digits, np.full(DIGITS, label)) for label in range(DIGITS)], axis=1)
    assert (excess.argmin(axis=1) == np.arange(DIGITS)).all()


@pytest.mark.parametrize("picture", [face(), *map(typed, "AKMWX")])
def test_no_digit_looks_like_one(picture: Image.Image) -> None:
    shares = shipped().shares(np.repeat(read(picture)[None], DIGITS, axis=0), np.arange(DIGITS))
    assert shares.max() < LIKE_FROM


def test_the_samples_of_the_lesson_do(template: Template) -> None:
    clean = template.pictures["samples"][:DIGITS]
    assert (shipped().shares(clean, np.arange(DIGITS)) >= LIKE_FROM).all()


def test_answers_keep_what_they_are(digits: np.ndarray) -> None:
    answers = [Answer(3, 0.9, 8, 0.1), Answer(4, 0.99, 1, 0.01)]
    judged = shipped().judged(answers, digits[3:5])
    assert [found._replace(likeness=None) for found in judged] == answers
    assert [found.likeness for found in judged] == shipped().shares(digits[3:5], [3, 4]).tolist()
    assert shipped().judge(answers[1], digits[4]).likeness == pytest.approx(judged[1].likeness, abs=0.002)


def test_a_misfit_is_a_gaussians(digits: np.ndarray) -> None:
    """The fast way, all at once, gives what the definition does: of each kind the nearest way."""
    told = shipped()
    found = told.misfits(digits[:2])
    for image, row in zip(digits[:2], found, strict=True):
        away = reduced(image)[0] - told.mean
        along = told.axes.T @ away
        outside = away @ away - along @ along
        for kind in range(NONE + 1):
            place = told.scales[kind].T @ along
            ways = [(place - way) @ (place - way) + cost for way, cost in zip(told.ways[kind], told.costs[kind], strict=True)]
            assert row[kind] == pytest.approx(min(ways) + outside / told.rest[kind])


def test_a_share_counts_the_digits_that_fit_worse() -> None:
    one = np.zeros((DIGITS + 1, 1, 1))
    told = Likeness(
        np.zeros(196), np.zeros((196, 1)), one, one, np.zeros((DIGITS + 1, 1)), np.ones(DIGITS + 1), np.array([-1.0, 0, 1, 2])
    )
    blank = np.zeros((1, 1, 28, 28))  # fits every kind alike: its excess is 0
    assert told.excess(blank, [3]).tolist() == [0]
    assert told.shares(blank, [3]).tolist() == [0.75], "of four, three fit as badly or worse"


def test_soft_pixels_keep_the_place_and_the_ink() -> None:
    image = np.zeros((1, 1, 28, 28))
    image[0, 0, 20:22, 6:8] = 1
    small = reduced(image).reshape(14, 14)
    assert np.unravel_index(small.argmax(), small.shape) == (10, 3)
    assert reduced(np.ones((1, 1, 28, 28))) == pytest.approx(1.0)


def test_the_file_is_small() -> None:
    assert FILE.stat().st_size < 150 * 1024


def test_few_pictures_without_a_digit_get_a_sure_answer(template: Template) -> None:
    """In small what `benchmarks/doubt.py` measures in large."""
    read_ones = []
    for _, picture in without_digit(50, seed=5):
        with suppress(ImageError):  # noise and empty pages
            read_ones.append(read(picture))
    answers = answered(template.network, np.stack(read_ones), template.likeness)
    by_probability = sum(found.probability >= template.sure_from for found in answers)
    sure = sum(is_sure(found, template.sure_from, template.like_from) for found in answers)
    assert 3 * sure < by_probability
    assert sure <= 5
    assert len(read_ones) <= 42, "some are refused outright"


def test_what_is_drawn_without_a_digit_is_the_same_each_time() -> None:
    first, second = (list(without_digit(10, seed=1)) for _ in range(2))
    assert [name for name, _ in first] == [name for name, _ in second]
    assert all(a.tobytes() == b.tobytes() for (_, a), (_, b) in zip(first, second, strict=True))
    assert sum(share for _, share in KINDS.values()) == 100


# ---- which networks ----


def test_only_networks_that_read_digits_can_tell(template: Template) -> None:
    assert can_tell(template.network)
    assert template.likeness is shipped()
    other = Template("mine", template.folder)
    other.__dict__["training"] = {}
    assert other.likeness is None
    assert other.like_from == 0, "nothing is said of other networks' pictures"


@pytest.mark.parametrize("name", ["lesson", "lenet", "residual"])
def test_the_templates_that_come_along_can_tell(name: str) -> None:
    assert find_template(name).like_from == LIKE_FROM
    assert find_template(name).likeness


def test_of_classes_with_names_nobody_can_tell(template: Template) -> None:
    """Somebody gave names to the classes of a copy: they may be digits in words, or letters."""
    other = Template("mine", template.folder)
    other.__dict__["classes"] = tuple("abcdefghij")
    assert other.likeness is None


def test_what_a_network_is_trained_on_need_not_be_digits(digits: np.ndarray) -> None:
    assert are_digits(digits, np.arange(DIGITS))
    assert not are_digits(digits, (np.arange(DIGITS) + 5) % DIGITS), "the labels are wrong"
    assert not are_digits(digits, np.arange(DIGITS) + 5), "there are only ten"
    assert not are_digits(np.zeros((1, 3, 28, 28)), np.zeros(1, int))


# ---- how it is made ----


def test_groups_are_found() -> None:
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(0, 0.1, (50, 2)), rng.normal(5, 0.1, (50, 2))])
    found = grouped(points, 2, rng)
    assert len(set(found[:50])) == len(set(found[50:])) == 1
    assert found[0] != found[50]


def test_what_is_learned_knows_its_kinds() -> None:
    """Eleven clouds of points: each fits its own kind best."""
    rng = np.random.default_rng(0)
    kinds = np.arange(4400) % (DIGITS + 1)
    middles = rng.normal(0, 1, (DIGITS + 1, 196))
    points = middles[kinds] + rng.normal(0, 0.3, (len(kinds), 196))
    told = Likeness(**learned(points, kinds, rng))
    away = points[:100] - told.mean
    found = np.stack([((away @ told.axes @ told.scales[k] - told.ways[k, 0]) ** 2).sum(axis=1) for k in range(DIGITS + 1)], axis=1)
    assert (found.argmin(axis=1) == kinds[:100]).all()


def test_strokes_and_glued_digits_are_prepared_as_digits_are(digits: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    for image in (strokes(rng), glued(digits, np.arange(DIGITS), rng)):
        assert image.shape == (1, 28, 28)
        assert image.max() > 0.5
        rows, cols = np.nonzero(image[0] > 0.1)
        assert 16 <= max(np.ptp(rows), np.ptp(cols)) + 1 <= 22
