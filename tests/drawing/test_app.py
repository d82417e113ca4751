"""What the page asks for: its parts and words, a reading, a workbook, a verification."""

import json
import re
from base64 import b64decode
from importlib import resources
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.conftest import SEVEN, edited
from tests.drawing.conftest import LESSON, Page
from xlcnn import find_template, load_image, make_workbook
from xlcnn.drawing.app import LANGUAGES, PARTS, page_words
from xlcnn.drawing.seen import MOST_MAPS, layers, seen
from xlcnn.image.files import ImageFile
from xlcnn.verifier.limited import verify

PNG = SEVEN.read_bytes()
SOURCES = {name: (resources.files("xlcnn.drawing") / "page" / name).read_text("utf-8") for name, _ in PARTS.values()}


def several(*strokes: int) -> bytes:
    """A picture of upright strokes at these places: as many ones."""
    image = Image.new("L", (400, 120), 255)
    for x in strokes:
        ImageDraw.Draw(image).line([(x, 20), (x, 100)], fill=0, width=8)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def floats(text: str) -> np.ndarray:
    return np.frombuffer(b64decode(text), dtype="<f4")


# ---- a reading ----


@pytest.mark.parametrize("name", ["lesson", "lenet", "residual"])
def test_a_reading_is_what_numpy_computes(name: str) -> None:
    template = find_template(name)
    found = seen(ImageFile("seven", PNG), template)
    read = load_image(SEVEN)
    expected = template.network.forward(read)
    assert np.array_equal(floats(found["read"]["values"]), read.astype("f4").ravel())
    assert [layer["name"] for layer in found["layers"]] == [layer.name for layer in template.network.layers[1:]]
    for layer in found["layers"]:
        assert np.array_equal(floats(layer["values"]), expected[layer["name"]]["output"].astype("f4").ravel())
        assert layer["does"]
        assert layer["title"]
    assert found["answer"]["verdict"] == "sure"
    assert found["answer"]["label"] == 7
    assert found["answer"]["probabilities"] == pytest.approx(template.network.probabilities(read))
    assert (found["digits"], found["pick"]) == (1, 1)
    json.dumps(found, allow_nan=False)


def test_of_several_digits_one_is_read() -> None:
    picture = ImageFile("row", several(60, 200, 340))
    found = [seen(picture, LESSON, pick) for pick in (0, 1, 2, 3, 4)]
    assert [each["digits"] for each in found] == [3] * 5
    assert [each["pick"] for each in found] == [1, 1, 2, 3, 3]
    assert found[2]["read"]["values"] == seen(ImageFile("row", several(60, 200, 340)), LESSON, 2)["read"]["values"]


def test_stages_come_where_they_are_wanted() -> None:
    assert "pictures" not in seen(ImageFile("seven", PNG), LESSON)
    found = seen(ImageFile("row", several(200)), LESSON, pictures=True)["pictures"]
    assert set(found) == {"picture", "grey", "contrast", "ink", "input"}
    assert all(b64decode(png).startswith(b"\x89PNG") for png in found.values())
    assert all(f"stage_{stage}" in page_words("en") for stage in found)


def test_a_layer_of_very_many_maps_is_cut() -> None:
    shown = list(layers(LESSON, {name: np.zeros((MOST_MAPS + 5, 2, 3)) for name in LESSON.network.parts}, "en"))
    assert shown[0]["shown"] == (MOST_MAPS, 2, 3)
    assert shown[0]["maps"] == MOST_MAPS + 5
    assert floats(shown[0]["values"]).size == MOST_MAPS * 6


def test_what_is_wrong_with_a_picture_is_a_sentence(page: Page) -> None:
    out = BytesIO()
    Image.new("L", (100, 100), 255).save(out, "PNG")
    answer = page.ask("POST", "/read", out.getvalue(), x_file_name="my%20page%C3%A9.png")
    assert (answer.status, answer.text) == (422, "my pageé.png is blank: every pixel has the same colour; there is no digit to see")


@pytest.mark.parametrize("language", LANGUAGES)
def test_layers_are_told_in_the_language_of_the_page(page: Page, language: str) -> None:
    found = json.loads(page.ask("POST", f"/read?language={language}", PNG).data)
    assert found["layers"][0]["title"] == LESSON.words(language).title(LESSON.network.layers[1])


# ---- a workbook ----


@pytest.mark.parametrize(("query", "options"), [
    ("", {}),
    ("?template=lenet&language=de", {"template": "lenet", "language": "de"}),
    ("?with=learning", {"add": ["learning"]}),
])  # fmt: skip
def test_the_workbook_is_the_one_that_make_writes(page: Page, tmp_path: Path, query: str, options: dict[str, object]) -> None:
    answer = page.ask("POST", f"/workbook{query}", PNG)
    make_workbook(SEVEN, tmp_path / "seven.xlsx", **options)  # type: ignore[arg-type]
    assert answer.status == 200
    assert answer.data == (tmp_path / "seven.xlsx").read_bytes()


def test_of_several_digits_a_workbook_wants_one(page: Page) -> None:
    row = several(60, 340)
    assert page.ask("POST", "/workbook", row).status == 422
    assert page.ask("POST", "/workbook?pick=2", row).status == 200


# ---- a verification ----


def test_a_workbook_is_verified(page: Page, seven: Path) -> None:
    report = json.loads(page.ask("POST", "/verify", seven.read_bytes(), x_file_name="seven.xlsx").data)
    expected = verify(seven)
    assert report["ok"]
    assert report["verdict"].startswith("verified: seven.xlsx computes its network; it says 7")
    assert [sheet["sheet"] for sheet in report["sheets"]] == [sheet.sheet for sheet in expected.sheets]
    assert report["problems"] == []


def test_what_is_wrong_with_a_workbook_is_said(page: Page, seven: Path, tmp_path: Path) -> None:
    damaged = edited(seven, tmp_path / "damaged.xlsx", {("relu1", "output", (0, 5, 5)): 3.0})
    report = json.loads(page.ask("POST", "/verify", damaged.read_bytes(), x_file_name="damaged.xlsx").data)
    assert not report["ok"]
    assert report["verdict"].startswith("NOT verified: damaged.xlsx has")
    assert "ReLU1!" in report["problems"][0]


# ---- the page itself ----


def test_every_language_has_every_word_with_the_same_places() -> None:
    english = page_words("en")
    for language in LANGUAGES:
        words = page_words(language)
        assert list(words) == list(english), language
        for key, text in words.items():
            assert sorted(re.findall(r"\{\d\}", text)) == sorted(re.findall(r"\{\d\}", english[key])), (language, key)


def test_every_word_is_used_and_every_used_word_is_there() -> None:
    whole = "\n".join(SOURCES.values())
    used = {key for key in page_words("en") if re.search(rf"\b{key}\b", whole) or key.startswith(("stage_", "head_"))}
    assert set(page_words("en")) == used
    for pattern in (r'data-(?:word|label)="(\w+)"', r'\bsay\("(\w+)"', r'\btold\("(\w+)"'):
        assert set(re.findall(pattern, whole)) <= used, pattern


def test_nothing_comes_from_elsewhere() -> None:
    for name, text in SOURCES.items():
        assert not re.search(r"https?://|//cdn|@import|url\(", text), name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|\son\w+=\"|style=\"", text), name


def test_every_part_of_the_page_is_served(page: Page) -> None:
    for path, (name, kind) in PARTS.items():
        answer = page.ask("GET", path)
        assert answer.text == SOURCES[name]
        assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    files = {p.name for p in (resources.files("xlcnn.drawing") / "page").iterdir()}
    assert files == {name for name, _ in PARTS.values()} | {f"words.{language}.json" for language in LANGUAGES}
