"""What `predict` says of a picture, the Guide of its workbook says, too: sure, not sure, perhaps no digit."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from PIL import Image

from tests.conftest import SEVEN, cell, edited, recalculated, tab
from tests.digits import draw
from tests.lesson.test_likeness import face, typed
from xlcnn import Template, find_template, load_image, make_workbook, verify
from xlcnn.layout.placed import lay_out
from xlcnn.lesson.doubt import SURE_FROM, verdict
from xlcnn.sheets.pixels import sums
from xlcnn.workbook.make import workbook_bytes

NOTICES = ("unlike", "doubt")


def made(picture: Image.Image, path: Path, template: Template) -> str:
    """The verdict on a picture, and its workbook."""
    picture.save(path.with_suffix(".png"))
    found = make_workbook(path.with_suffix(".png"), path, template)
    assert found is not None
    return verdict(found, template.sure_from, template.like_from)


def noticed(path: Path, template: Template, unlike: tuple[float, ...]) -> set[str]:
    """The notices that the Guide shows, as the file has them stored."""
    placed = lay_out(template.plan_with(unlike=unlike))["guide"]
    page = openpyxl.load_workbook(path, data_only=True)[placed.title]
    return {name for name in NOTICES if name in placed.parts and page.cell(*placed.references.locate(name)).value == 0}


@pytest.mark.parametrize(
    ("picture", "said", "shown"),
    [
        (typed("K"), "no digit", {"unlike"}),
        (face(), "no digit", {"unlike"}),
        (typed("R"), "unsure", {"doubt"}),
        (draw("7"), "sure", set()),
    ],
    ids=["a letter", "a face", "another letter", "a digit"],
)
def test_the_guide_says_it_alike(template: Template, tmp_path: Path, picture: Image.Image, said: str, shown: set[str]) -> None:
    path = tmp_path / "made.xlsx"
    assert made(picture, path, template) == said
    assert noticed(path, template, (1.0, 1.0) if said == "no digit" else ()) == shown
    assert verify(path, trials=1).ok


def test_of_another_picture_it_is_not_said(template: Template, tmp_path: Path) -> None:
    """One pixel was typed over; or a sample was chosen."""
    path = tmp_path / "made.xlsx"
    made(typed("K"), path, template)
    before = noticed(path, template, (1.0, 1.0))
    typed_over = recalculated(edited(path, tmp_path / "typed.xlsx", {("input", "user", (0, 0, 0)): 0.25}))
    sample = recalculated(edited(path, tmp_path / "sample.xlsx", {("input", "choice", ()): "sample 3"}))
    assert (before, noticed(typed_over, template, (1.0, 1.0)), noticed(sample, template, (1.0, 1.0))) == ({"unlike"}, set(), set())
    assert verify(typed_over, trials=1).ok
    assert verify(sample, trials=1).ok


def test_a_digit_is_not_called_none(template: Template, tmp_path: Path) -> None:
    """A workbook was forged that says it of a clear 7."""
    image = load_image(SEVEN)
    unlike = tuple(sums(image).tolist())
    plan = template.plan_with(of_a_picture=False, unlike=unlike)
    data = workbook_bytes(template.network, image, {}, template.words(), plan, template.pictures, template.records)
    path = tmp_path / "forged.xlsx"
    path.write_bytes(data)
    report = verify(path, trials=0)
    assert [(p.kind, p.sheet, p.cell) for p in report.problems] == [("words", tab("guide"), cell("guide", "doubt"))]
    assert "its likeness is 0." in str(report.problems[0].found)


def test_networks_that_know_no_bound_of_their_own_doubt_as_predict_does(template: Template) -> None:
    last = template.network.layers[-1]
    mine = Template("mine", template.folder)
    network = replace(template.network, layers=(*template.network.layers[:-1], replace(last, sure_from=0.0)))
    mine.__dict__["network"] = network
    assert mine.sure_from == SURE_FROM
    assert mine.plan.layers[-1].sure_from == SURE_FROM
    doubt = lay_out(mine.plan)["guide"].parts["doubt"]
    assert doubt.numpy({"from.softmax": np.array([SURE_FROM - 0.01, 0.1])}) == 0


@pytest.mark.parametrize("name", ["lesson", "lenet", "residual"])
def test_a_bound_of_its_own_counts(name: str) -> None:
    shipped = find_template(name)
    assert shipped.plan.layers == shipped.plan_with().layers
    assert shipped.plan.layers[-1].sure_from == shipped.sure_from
