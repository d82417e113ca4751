"""The workbook's own formulas answer, with whatever it has been changed to; NumPy only says whether it agrees."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Damage, edited, with_formula
from tests.evaluation.data import COUNT, IMAGES, LABELS, write_idx, write_pictures
from tests.networks import branching, build, write_workbook
from tests.verifier.helpers import SMALL, changed, small_at
from xlcnn import Evaluation, ImageError, NetworkError, WorkbookError, XlcnnError, evaluate
from xlcnn.evaluation import evaluate as module
from xlcnn.evaluation.subject import read_subject
from xlcnn.grid.references import split_cell
from xlcnn.network.network import Network
from xlcnn.xlsx.reader import read_book

PIXELS = IMAGES[:, None] / 255


def confusion(network: Network, images: np.ndarray = PIXELS, labels: np.ndarray = LABELS) -> tuple[tuple[int, ...], ...]:
    """What NumPy answers, counted in another way than the package does."""
    answers = network.probabilities(images).argmax(axis=1)
    count = network.shapes[network.layers[-1].name][0]
    return tuple(tuple(int(((labels == k) & (answers == j)).sum()) for j in range(count)) for k in range(count))


def number(value: float) -> Callable[[str], str]:
    """An edit that puts another number into a cell."""
    return lambda xml: xml[: xml.index("<v>")] + f"<v>{value}</v></c>"


# ---- an honest workbook ----


def test_every_picture_goes_through_the_workbook_and_is_equal_to_numpy(small: Path, mnist: Path) -> None:
    found = evaluate(small, mnist=mnist)
    assert found.ok
    assert found.confusion == confusion(SMALL)
    assert found.total.pictures == COUNT
    assert found.total.right == sum(found.confusion[k][k] for k in range(3))
    assert found.engine == "formualizer"
    assert found.differing == 0
    assert found.apart is not None
    assert 0 <= found.apart < 1e-9
    assert found.source == "MNIST's test set"


def test_numpy_alone_says_the_same_and_has_nothing_to_compare(small: Path, mnist: Path) -> None:
    alone, both = evaluate(small, mnist=mnist, numpy_only=True), evaluate(small, mnist=mnist)
    assert (alone.engine, alone.differing, alone.apart) == ("numpy", None, None)
    assert (alone.confusion, [m.picture for m in alone.mistakes]) == (both.confusion, [m.picture for m in both.mistakes])


def test_several_processes_answer_like_one(small: Path, mnist: Path) -> None:
    assert evaluate(small, mnist=mnist, jobs=2) == evaluate(small, mnist=mnist, jobs=1)


def test_a_sample_is_the_same_for_a_seed_and_another_for_another(small: Path, mnist: Path) -> None:
    one, again, other = (evaluate(small, mnist=mnist, sample=20, seed=seed, numpy_only=True) for seed in (1, 1, 2))
    assert one == again
    assert one.total.pictures == 20
    assert (one.sample, one.seed) == (20, 1)
    assert one.mistakes != other.mistakes


def test_the_worst_mistakes_come_first_with_what_the_network_reads(small: Path, mnist: Path) -> None:
    found = evaluate(small, mnist=mnist)
    assert found.mistakes
    margins = [m.value - m.of_label for m in found.mistakes]
    assert margins == sorted(margins, reverse=True)
    for mistake in found.mistakes:
        place = int(mistake.picture.removeprefix("image ")) - 1
        assert mistake.label == LABELS[place] != mistake.answer
        assert np.array_equal(mistake.image, PIXELS[place])  # type: ignore[arg-type]


def test_where_the_lesson_shows_a_sample_the_pictures_take_its_place(seven: Path, network: Network, tmp_path: Path) -> None:
    """The lesson chooses among images: whichever is chosen, it is replaced by each picture in turn."""
    images = np.random.default_rng(5).integers(0, 256, (4, 28, 28)).astype(np.uint8)
    folder = write_idx(tmp_path / "mnist", images=images, labels=np.arange(4).astype(np.uint8))
    parts = {"own": seven, "sample": edited(seven, tmp_path / "sample.xlsx", {("input", "choice", ()): "sample 2"})}
    for path in parts.values():
        found = evaluate(path, mnist=folder)
        assert found.ok
        assert found.confusion == confusion(network, images[:, None] / 255, np.arange(4))


def test_pixels_that_are_formulas_make_room_for_the_pictures(small: Path, mnist: Path, tmp_path: Path) -> None:
    tab, where = small_at("input", "output", (0, 2, 3))
    path = changed(small, tmp_path / "book.xlsx", {(tab, where): lambda xml: xml.split("<v>")[0] + "<f>1/4</f></c>"})
    found = evaluate(path, mnist=mnist)
    assert found.ok
    assert found.confusion == confusion(SMALL)
    loaded = read_subject(path.read_bytes(), path.name).loaded
    assert split_cell(where) not in read_book(loaded.data).sheets[tab].formulas  # to overwrite one each time is slow


# ---- a workbook that somebody has changed ----


def test_the_weights_that_stand_in_the_workbook_count_for_both(small: Path, mnist: Path, tmp_path: Path) -> None:
    path = changed(small, tmp_path / "book.xlsx", {small_at("dense", "bias", (0,)): number(50.0)})
    for alone in (False, True):
        found = evaluate(path, mnist=mnist, numpy_only=alone)
        assert found.ok
        assert [row[1:] for row in found.confusion] == [(0, 0)] * 3  # everything is class 0 now


def test_a_filter_of_the_drop_down_counts_for_both(seven: Path, tmp_path: Path) -> None:
    images = np.random.default_rng(5).integers(0, 256, (6, 28, 28)).astype(np.uint8)
    folder = write_idx(tmp_path / "mnist", images=images, labels=np.zeros(6, np.uint8))
    path = edited(seven, tmp_path / "book.xlsx", {("conv1", "choice", (0,)): "blur"})
    found, before = evaluate(path, mnist=folder), evaluate(seven, mnist=folder)
    assert found.ok
    assert [m.value for m in found.mistakes] != [m.value for m in before.mistakes]


def test_a_damaged_formula_is_said_and_its_answers_are_the_workbooks(small: Path, mnist: Path, tmp_path: Path) -> None:
    path = changed(small, tmp_path / "book.xlsx", {small_at("dense", "output", (2,)): with_formula("99")})
    found = evaluate(path, mnist=mnist)
    assert not found.ok
    assert found.differing == COUNT
    assert found.apart is not None
    assert found.apart > 1
    assert [name for name, _ in found.differing_first[:2]] == ["image 1", "image 2"]
    assert [row[:2] for row in found.confusion] == [(0, 0)] * 3  # whatever NumPy says


def test_a_damage_that_no_probability_shows_is_found_in_the_scores(small: Path, mnist: Path, tmp_path: Path) -> None:
    """Of a class without a chance, the score may be anything."""
    low = changed(small, tmp_path / "low.xlsx", {small_at("dense", "bias", (0,)): number(-500.0)})
    path = changed(low, tmp_path / "book.xlsx", {small_at("dense", "output", (0,)): with_formula("-400")})
    assert evaluate(path, mnist=mnist).differing == COUNT


def test_errors_in_place_of_an_answer_are_counted_as_none(small: Path, mnist: Path, tmp_path: Path) -> None:
    path = changed(small, tmp_path / "book.xlsx", {small_at("softmax", "prediction"): with_formula("1/0")})
    found = evaluate(path, mnist=mnist)
    assert sum(found.unanswered) == found.differing == COUNT
    assert found.total.right == 0
    assert found.mistakes == ()
    assert found.as_dict()["numpy"]["largest_difference"] is None
    json.dumps(found.as_dict(), allow_nan=False)


def test_only_sheets_that_the_answer_reads_are_computed(seven: Path, damage: Damage, tmp_path: Path) -> None:
    """A wrong formula on a sheet to play with changes no answer; `verify` names it."""
    folder = write_idx(tmp_path / "mnist", images=np.zeros((2, 28, 28), np.uint8), labels=np.zeros(2, np.uint8))
    assert evaluate(damage("byhand", "sum", (), with_formula("1/0")), mnist=folder).ok


# ---- folders of pictures ----


def test_a_folder_with_pictures_that_cannot_be_read(small: Path, tmp_path: Path) -> None:
    write_pictures(tmp_path / "p", ["0/a.png", "1/b.png", "2/c.png"])
    (tmp_path / "p" / "1" / "torn.png").write_bytes(b"torn")
    found = evaluate(small, images=tmp_path / "p", as_is=True)
    assert not found.ok
    assert (found.total.pictures, found.unread, found.differing) == (3, 1, 0)
    assert found.unread_first[0][0] == "1/torn.png"
    assert [share.pictures for share in found.by_class] == [1, 1, 1]


def test_where_no_picture_can_be_read_there_is_no_answer(small: Path, tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "torn.png").write_bytes(b"torn")
    with pytest.raises(ImageError, match=r"none of the 1 pictures could be read; the first: .*torn.png"):
        evaluate(small, images=tmp_path)


# ---- going on ----


def test_an_evaluation_goes_on_where_it_ended(small: Path, mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, asked = tmp_path / "kept.jsonl", []
    whole = evaluate(small, mnist=mnist, resume=kept)
    lines = kept.read_bytes().splitlines(keepends=True)
    assert len(lines) == COUNT + 1
    kept.write_bytes(b"".join(lines[:26]) + lines[26][:10])  # a crash in the middle of a line
    real = module.all_answers
    monkeypatch.setattr(module, "all_answers", lambda t, s, batches, *by: real(t, s, asked.append(batches) or batches, *by))
    assert evaluate(small, mnist=mnist, resume=kept) == whole
    assert sum(len(batch.labels) for batch in asked[0]) == COUNT - 25
    assert kept.read_bytes() == b"".join(lines)
    assert evaluate(small, mnist=mnist, resume=kept) == whole
    assert asked[1] == []


@pytest.mark.parametrize(
    ("other", "what"),
    [({"sample": 10}, "--sample and --seed"), ({"numpy_only": True}, "engine, or --numpy"), ({"as_is": True}, "--as-is")],
    ids=["sample", "engine", "as is"],
)
def test_answers_of_another_evaluation_are_not_mixed_in(
    small: Path, mnist: Path, tmp_path: Path, other: dict[str, bool], what: str
) -> None:
    kept = tmp_path / "kept.jsonl"
    evaluate(small, mnist=mnist, resume=kept)
    before = kept.read_bytes()
    with pytest.raises(XlcnnError, match=f"is of another evaluation .not the same {what}."):
        evaluate(small, mnist=mnist, resume=kept, **other)  # type: ignore[arg-type]
    assert kept.read_bytes() == before


def test_neither_are_those_of_another_workbook_or_of_other_pictures(small: Path, mnist: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    evaluate(small, mnist=mnist, resume=kept, numpy_only=True)
    book = changed(small, tmp_path / "book.xlsx", {small_at("dense", "bias", (0,)): number(0.5)})
    with pytest.raises(XlcnnError, match="not the same workbook"):
        evaluate(book, mnist=mnist, resume=kept, numpy_only=True)
    turned = write_idx(tmp_path / "other", labels=LABELS[::-1])
    with pytest.raises(XlcnnError, match="not the same pictures"):
        evaluate(small, mnist=turned, resume=kept, numpy_only=True)


# ---- what cannot be evaluated ----


def test_a_network_without_classes(tmp_path: Path, mnist: Path) -> None:
    maps = build([
        {"name": "input", "kind": "input", "shape": [1, 6, 6]},
        {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 2, "kernel": [3, 3]},
        {"name": "end", "kind": "softmax2d", "inputs": ["conv"]},
    ])  # fmt: skip
    with pytest.raises(NetworkError, match=r"maps\.xlsx has no classes to choose among"):
        evaluate(write_workbook(maps, tmp_path / "maps.xlsx"), mnist=mnist)


def test_a_network_that_ends_without_a_softmax(tmp_path: Path) -> None:
    network = branching()
    images = np.random.default_rng(2).integers(0, 256, (9, 7, 7)).astype(np.uint8)
    labels = (np.arange(9) % 2).astype(np.uint8)
    folder = write_idx(tmp_path / "mnist", images=images, labels=labels)
    found = evaluate(write_workbook(network, tmp_path / "book.xlsx"), mnist=folder)
    assert found.ok
    assert not found.shares
    assert found.confusion == confusion(network, images[:, None] / 255, labels)


def test_a_weight_that_is_no_number(small: Path, mnist: Path, tmp_path: Path) -> None:
    path = changed(
        small,
        tmp_path / "b.xlsx",
        {small_at("dense", "bias", (0,)): lambda xml: xml.split("<v>")[0][:-1] + ' t="str"><v>x</v></c>'},
    )
    with pytest.raises(WorkbookError, match=r"b.xlsx cannot be evaluated: Dense!\w+: not a number"):
        evaluate(path, mnist=mnist)


@pytest.mark.parametrize("content", [None, b"", b"PK", b"rubbish"], ids=["missing", "empty", "torn", "rubbish"])
def test_what_is_no_workbook(tmp_path: Path, mnist: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "b.xlsx").write_bytes(content)
    with pytest.raises(WorkbookError, match=r"b\.xlsx "):
        evaluate(tmp_path / "b.xlsx", mnist=mnist)


def test_from_python_one_source_of_pictures(small: Path, mnist: Path) -> None:
    for sources in ({}, {"mnist": mnist, "images": mnist}):
        with pytest.raises(XlcnnError, match="one of the two"):
            evaluate(small, **sources)  # type: ignore[arg-type]
    with pytest.raises(XlcnnError, match="labels go with images"):
        evaluate(small, mnist=mnist, labels="a.csv")


def test_it_says_how_far_it_is(small: Path, mnist: Path) -> None:
    told: list[tuple[int, int | None]] = []
    found = evaluate(small, mnist=mnist, say=lambda _, done, total: told.append((done, total)))
    assert isinstance(found, Evaluation)
    assert told[-1] == (COUNT, COUNT)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
