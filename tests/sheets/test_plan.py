"""Which sheets a workbook has, and in which order."""

import pytest

from tests.networks import branching, coloured, uneven
from xlcnn import Network, NetworkError, Template
from xlcnn.sheets.base import ABOUT, EXHIBIT, GALLERY, GLOSSARY, GUIDE, LAYER, NETWORK, OVERVIEW, Sheet
from xlcnn.sheets.gallery import Gallery
from xlcnn.sheets.layers.input import Input
from xlcnn.sheets.layers.relu import ReLU
from xlcnn.sheets.plan import KINDS, Plan, plan

INPUT = Input("input", "Input", (), shape=(1, 2, 2))


def test_the_tabs_go_from_the_guide_to_what_the_workbook_says_of_itself(template: Template) -> None:
    whole = template.plan
    groups = [whole.sheets[name].group for name in whole.tabs]
    assert groups == sorted(groups)
    assert [g for k, g in enumerate(groups) if g not in groups[:k]] == [
        GUIDE, OVERVIEW, LAYER, EXHIBIT, GALLERY, GLOSSARY, NETWORK, ABOUT,
    ]  # fmt: skip
    assert whole.tabs[:3] == ["guide", "overview", "input"]
    assert whole.tabs[-1] == "about"


def test_sheets_compute_in_an_order_in_which_each_reads_earlier_ones(template: Template) -> None:
    names = list(template.plan.sheets)
    for name, sheet in template.plan.sheets.items():
        assert all(names.index(source.partition(".")[0]) < names.index(name) for source in sheet.inputs)


def test_the_input_chooses_among_the_galleries() -> None:
    whole = plan([INPUT], [Gallery("g", "G", (), pictures=2, shape=(1, 2, 2)), Gallery("h", "H", (), pictures=1, shape=(1, 2, 2))])
    assert whole.input.inputs == ("g", "h")
    assert whole.layers == (whole.input,)
    assert INPUT.inputs == (), "the layer itself is left as it is"


@pytest.mark.parametrize("make", [coloured, uneven])
def test_the_guide_reads_the_image_and_the_answer(make: object) -> None:
    network: Network = make()  # type: ignore[operator]
    last = network.layers[-1].name
    assert plan(network.layers).sheets["guide"].inputs == ("input", f"{last}.prediction", f"{last}.class", last)


def test_the_guide_reads_the_choice_of_images_where_there_is_one(template: Template) -> None:
    assert template.plan.sheets["guide"].inputs[:3] == ("input", "input.options", "input.number")


def test_without_a_softmax_at_the_end_the_guide_reads_the_image_alone() -> None:
    assert plan(branching().layers).sheets["guide"].inputs == ("input",)


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ((), "the first layer must be of kind input"),
        ((INPUT, Input("other", "Other", (), shape=(1, 2, 2))), "layers input and other are both of kind input"),
        ((INPUT, ReLU("relu", "Input", ("input",))), "two layers want the sheet Input"),
        ((INPUT, ReLU("relu", "Guide", ("input",))), "two layers want the sheet Guide"),
        ((INPUT, ReLU("input", "ReLU", ("input",))), "two layers are called input"),
        ((INPUT, ReLU("relu", "ReLU", ("nobody",))), "layer relu reads nobody"),
    ],
)
def test_sheets_that_make_no_workbook_are_refused(sheets: tuple[Sheet, ...], words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        Plan(sheets).checked()


def test_a_plan_that_is_right_is_itself(template: Template) -> None:
    assert template.plan.checked() is template.plan


def test_tabs_may_have_other_names() -> None:
    whole = Plan((INPUT, ReLU("relu", "ReLU", ("input",))), titles={"guide": "Portada"})
    assert whole.sheets["guide"].title == "Portada"
    assert whole.sheets["about"].title == "About"


def test_a_plan_takes_the_tabs_names_that_a_language_has() -> None:
    whole = Plan((INPUT, ReLU("relu", "ReLU", ("input",)))).titled({"guide": "Portada", "relu": "Rampa"}.get)
    assert [whole.sheets[name].title for name in ("guide", "relu", "input", "about")] == ["Portada", "Rampa", "Input", "About"]


def test_a_kind_is_called_the_same_everywhere() -> None:
    assert all(KINDS[name].kind == name for name in KINDS)
    assert all(KINDS[name].__doc__ for name in KINDS), "the first line about a kind is shown where a lesson says nothing"
