"""The networks that come along besides the lesson's: as accurate and as small as they are said to be, and told as well."""

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import SEVEN, parts_of
from xlcnn import TemplateError, find_template, list_templates, make_workbook, verify
from xlcnn.lesson.general import general_languages
from xlcnn.lesson.measuring import recorded_epochs
from xlcnn.lesson.settings import Settings
from xlcnn.lesson.templates import templates_folder
from xlcnn.lesson.words import LONGEST
from xlcnn.verifier.report import Report

#: Template → the least share of the held-out images that it reads, and the most weights that it has.
PROMISED = {"lenet": (0.991, 61_706), "residual": (0.990, 19_999)}
HARD = (10, 12, 13)  # samples that lie between digits, or at the border of the paper
LANGUAGES = general_languages()

named = pytest.mark.parametrize("name", PROMISED)
spoken = pytest.mark.parametrize("language", LANGUAGES)


def test_these_come_along() -> None:
    assert [t.name for t in list_templates()] == ["lenet", "lesson", "residual"]


@named
def test_it_is_as_accurate_and_as_small_as_promised(name: str) -> None:
    least, most = PROMISED[name]
    template = find_template(name)
    assert template.training["held_out_accuracy"] >= least
    assert sum(w.size for w in template.network.weights.values()) <= most
    for weight in template.network.weights.values():
        assert (np.round(weight, 4) == weight).all(), "weights can be read in a formula bar"


@named
def test_its_report_agrees_with_itself(name: str) -> None:
    report = find_template(name).training
    counts = np.array(report["confusion"])
    assert counts.trace() / counts.sum() == report["held_out_accuracy"] == report["history"]["accuracy"][-1]
    assert report["history"]["epoch"] == recorded_epochs(report["settings"]["epochs"])
    assert report["start"] == {}, "what no sheet shows is not kept"


@named
def test_it_is_calibrated(name: str) -> None:
    assert Settings.of(find_template(name)).calibrated


@named
def test_its_weights_read_the_samples(name: str) -> None:
    """Damaged weights, or those of another training, would not."""
    template = find_template(name)
    found = template.network.probabilities(template.pictures["samples"]).argmax(axis=1)
    right = [template.truth(k) for k in range(14)]
    assert [k for k in range(14) if found[k] != right[k] and k not in HARD] == []


@named
def test_its_samples_are_the_lessons(name: str) -> None:
    mine, lesson = (templates_folder() / t / "samples" for t in (name, "lesson"))
    assert {p.name: p.read_bytes() for p in mine.iterdir()} == {p.name: p.read_bytes() for p in lesson.iterdir()}


def test_the_residual_network_is_made_of_what_it_is_to_show() -> None:
    layers = find_template("residual").network.layers
    assert {"batchnorm", "add", "globalavgpool"} <= {layer.kind for layer in layers}
    convolutions: list[Any] = [layer for layer in layers if layer.kind == "conv2d"]
    assert any(layer.stride == (2, 2) for layer in convolutions)
    assert any(any(layer.padding) for layer in convolutions)
    assert not any(layer.bias for layer in convolutions), "a batch normalisation would take it away"


# ---- its words ----


@named
@spoken
def test_it_has_an_introduction_of_its_own_in_every_language(name: str, language: str) -> None:
    words = find_template(name).words(language)
    assert words["guide", "steps"] != find_template("lesson").words(language)["guide", "steps"]
    shown = [sheet for step in words.steps for sheet in step.sheets]
    assert set(shown) >= {layer.name for layer in find_template(name).network.layers}, "each layer is told in a step"
    assert all(len(step.does) < LONGEST for step in words.steps)


@named
def test_no_language_says_less_than_english(name: str) -> None:
    def keys(table: Any, before: str = "") -> set[str]:
        return {k for key, value in table.items() for k in keys(value, f"{before}.{key}")} if isinstance(table, dict) else {before}

    told = {path: tomllib.loads(path.read_text(encoding="utf-8")) for path in (templates_folder() / name).glob("intro.*.toml")}
    assert {path.name for path in told} == {f"intro.{language}.toml" for language in LANGUAGES}
    assert len({frozenset(k for k in keys(data) if not k.endswith(".forms")) for data in told.values()}) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[sheets.nobody]\ntitle = 'x'", r"intro\.en\.toml: sheets\.nobody is not known"),
        ("[sheets.dense1]\ndoes = '{name}'", r"intro\.en\.toml: sheets\.dense1\.does: \{name\} is not known"),
        ("[steps.0]\ntitle = 'x'", r"intro\.en\.toml: steps\.0\.does is missing"),
        ("lesson = ['conv9']", r"intro\.en\.toml: lesson: 'conv9' is not known"),
        ("lesson = ", r"intro\.en\.toml cannot be read"),
        ("[halves.x]\ntold = 'input'", r"intro\.en\.toml: halves\.x\.\w+ is missing"),
        ("[sheets.input]\ntab = 'a/b[x]'", r"intro\.en\.toml: .*cannot name a sheet"),
        ("[sheets.input]\ntab = 'Dense1'", r"intro\.en\.toml: two layers want the sheet Dense1"),
        ("[steps.'²']\ntitle = 'x'", r"intro\.en\.toml: steps\.² is not known"),
    ],
)
def test_wrong_words_of_an_introduction_are_named(text: str, words: str, tmp_path: Path) -> None:
    for path in (templates_folder() / "lenet").glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "intro.en.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError, match=words):
        find_template(str(tmp_path)).words()


# ---- its workbooks ----


@pytest.fixture(scope="module", params=PROMISED)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shipped") / f"{request.param}.xlsx"
    answer = make_workbook(SEVEN, path, request.param)
    assert answer is not None
    assert (answer.label, answer.probability) == (7, pytest.approx(1, abs=0.01))
    return path


def check(report: Report) -> None:
    assert report.ok, report.problems[:3]
    assert report.prediction is not None
    assert report.prediction["label"] == 7
    assert max(sheet.max_abs_error for sheet in report.sheets) < 1e-9


@pytest.mark.slow
def test_a_long_formula_stands_where_it_has_room(made: Path) -> None:
    template = find_template(made.stem)
    number = template.words().order(template.plan.tabs).index("conv2") + 1
    xml = parts_of(made)[f"xl/worksheets/sheet{number}.xml"].decode()
    does, tried = (float(height) for height in re.findall(r'<row r="[23]" ht="([\d.]+)"', xml))
    assert does > 40, "what the sheet does, and its formula"
    assert tried < 20, "one line of what to try, and of what the colours mean"


@pytest.mark.slow
def test_its_workbook_is_verified(made: Path) -> None:
    check(verify(made, trials=2))


@pytest.mark.slow
@pytest.mark.libreoffice
def test_libreoffice_verifies_it(made: Path) -> None:
    check(verify(made, engine="libreoffice", trials=1))


@pytest.mark.slow
@pytest.mark.gnumeric
def test_gnumeric_verifies_it(made: Path) -> None:
    check(verify(made, engine="gnumeric", trials=1))


@pytest.mark.slow
@named
@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_its_workbook_is_verified_in_every_language(name: str, language: str, tmp_path: Path) -> None:
    make_workbook(SEVEN, tmp_path / "made.xlsx", find_template(name), language=language)
    check(verify(tmp_path / "made.xlsx", trials=0))
