"""The parts of a workbook: what is there unless something else is asked for, what is added, what is left out."""

import json
import shutil
from pathlib import Path

import pytest

from xlcnn import ImageError, Template, TemplateError, find_template, make_workbook
from xlcnn.lesson.templates import ON_REQUEST, PARTS, templates_folder
from xlcnn.xlsx.reader import read_book


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A copy of the lesson's folder, to be changed."""
    return Path(shutil.copytree(templates_folder() / "lesson", tmp_path / "mine"))


def names(template: Template, part: str) -> set[str]:
    """The sheets of one part."""
    return {sheet.name for sheet in template.options[part]}


def test_the_lesson_has_all_parts_and_none_is_empty(template: Template) -> None:
    assert tuple(template.options) == PARTS
    assert all(template.options.values())


def test_learning_is_there_only_on_request(template: Template) -> None:
    usual = set(template.plan.sheets)
    assert usual >= names(template, "galleries") | names(template, "exhibits")
    assert not usual & names(template, "learning")
    assert set(template.plan_with(["learning"]).sheets) == usual | names(template, "learning")


@pytest.mark.parametrize("part", [part for part in PARTS if part not in ON_REQUEST])
def test_what_is_left_out_is_gone_and_nothing_else(template: Template, part: str) -> None:
    assert set(template.plan_with(leave_out=[part]).sheets) == set(template.plan.sheets) - names(template, part)


def test_one_part_is_added_and_another_left_out(template: Template) -> None:
    sheets = set(template.plan_with(["learning"], ["exhibits"]).sheets)
    assert sheets == (set(template.plan.sheets) | names(template, "learning")) - names(template, "exhibits")


def test_what_is_there_anyway_may_be_added_and_what_is_not_may_be_left_out(template: Template) -> None:
    assert list(template.plan_with(["exhibits"], ["learning"]).sheets) == list(template.plan.sheets)


@pytest.mark.parametrize(
    ("add", "leave_out", "words"),
    [
        (["teaching"], [], "template lesson has no part 'teaching'; its parts are: galleries, exhibits, learning"),
        ([], ["teaching"], "template lesson has no part 'teaching'; its parts are: galleries, exhibits, learning"),
        (["layers"], [], "template lesson has no part 'layers'; its parts are: galleries, exhibits, learning"),
        (["learning"], ["learning"], "the part learning cannot be both in a workbook and left out"),
        (["learning", "exhibits"], ["exhibits"], "the part exhibits cannot be both in a workbook and left out"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(template: Template, add: list[str], leave_out: list[str], words: str) -> None:
    with pytest.raises(TemplateError) as error:
        template.plan_with(add, leave_out)
    assert str(error.value) == words


def test_a_template_without_parts_has_none(mine: Path) -> None:
    data = json.loads((mine / "network.json").read_text(encoding="utf-8"))
    (mine / "network.json").write_text(json.dumps({"layers": data["layers"]}), encoding="utf-8")
    bare = find_template(str(mine))
    assert bare.options == {}
    with pytest.raises(TemplateError, match="template mine has no part 'learning'; its parts are: none"):
        bare.plan_with(["learning"])


def test_nothing_is_written_where_a_part_is_not_known(template: Template, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="has no part 'teaching'"):
        make_workbook(template.sample(7), tmp_path / "out.xlsx", add=["teaching"])
    assert not list(tmp_path.iterdir())


def test_a_workbook_has_the_sheets_of_its_parts(template: Template, tmp_path: Path) -> None:
    """Also without the sheets that steps and half-truths speak of."""
    make_workbook(template.sample(7), tmp_path / "out.xlsx", add=["learning"], leave_out=["exhibits", "galleries"])
    plan = template.plan_with(["learning"], ["exhibits", "galleries"])
    assert set(read_book((tmp_path / "out.xlsx").read_bytes()).sheets) == {sheet.title for sheet in plan.sheets.values()}


# ---- what was recorded while it was trained ----


def test_every_record_that_a_sheet_shows_is_there(template: Template) -> None:
    assert {"confusion", "history.epoch", "history.loss", "history.accuracy", "start.conv1.weight"} <= template.records.keys()
    assert not any(name.startswith("settings") for name in template.records)
    assert template.records["confusion"].shape == (10, 10)
    assert template.records["start.conv2.weight"].shape == template.network.weights["conv2.weight"].shape


def test_records_that_are_no_numbers_are_refused(mine: Path) -> None:
    (mine / "training.json").write_text('{"confusion": [["many"]]}', encoding="utf-8")
    with pytest.raises(TemplateError, match=r"training\.json: what was recorded must be lists of numbers"):
        _ = find_template(str(mine)).records


def test_a_workbook_without_its_records_is_not_made(mine: Path, template: Template, tmp_path: Path) -> None:
    (mine / "training.json").unlink()
    with pytest.raises(TemplateError, match=r"training\.json has no confusion of 10 × 10 numbers, which softmax shows"):
        make_workbook(template.sample(7), tmp_path / "out.xlsx", str(mine))
    assert not (tmp_path / "out.xlsx").exists()


# ---- what the samples really show ----


def test_the_truth_of_a_sample_is_what_its_labels_say(template: Template) -> None:
    assert template.truth(11) == 9
    assert template.network.predict(template.pictures["samples"][11])[0] != 9, "the network misreads it"
    assert [template.truth(k) for k in range(10)] == list(range(10))


def test_a_sample_that_is_not_there_has_no_truth(template: Template) -> None:
    with pytest.raises(ImageError, match="template lesson has no sample 14"):
        template.truth(14)


@pytest.mark.parametrize("labels", [None, "", "0 1 2", "0 1 2 ? 4", "0 1 2 -3 4"])
def test_where_no_label_says_it_the_truth_is_not_known(mine: Path, labels: str | None) -> None:
    path = mine / "samples" / "labels.txt"
    path.unlink()
    if labels is not None:
        path.write_text(labels, encoding="utf-8")
    assert find_template(str(mine)).truth(3) is None
