"""The page in a real Chromium: drawn on with a mouse, a finger, the keyboard; pictures dropped, pasted, taken."""

from __future__ import annotations

import re
import shutil
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright import sync_api

from tests.conftest import MISSING, SEVEN, edited
from tests.digits import STROKES, draw, photograph, smooth
from tests.drawing.conftest import LESSON, Page, served
from xlcnn import load_image, make_workbook, verify

pytestmark = [pytest.mark.chromium, pytest.mark.slow]

sync_api.expect.set_options(timeout=20_000)  # milliseconds; machines may be busy

CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
SIDE = 336  # of the canvas's own pixels


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CAMERA)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium, unopened: Page):  # type: ignore[no-untyped-def]
    """The page, just opened by its address, with room for all; nothing may go wrong in its script."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, permissions=["camera"])
    found, wrong = context.new_page(), []
    found.on("dialog", lambda dialog: dialog.accept())  # of leaving what was drawn
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.on("console", lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None)
    found.goto(unopened.gate.address)
    found.wait_for_selector("body[data-ready]")
    yield found
    context.close()
    assert wrong == []


def path(digit: str, steps: int = 8) -> np.ndarray:
    """The pen's way through a digit in the canvas's pixels."""
    return 60 + (SIDE - 120) * np.asarray(smooth(STROKES[digit], steps))


def on_screen(tab, points: np.ndarray) -> list[tuple[float, float]]:  # type: ignore[no-untyped-def]
    box = tab.locator("#canvas").bounding_box()
    return [(box["x"] + x * box["width"] / SIDE, box["y"] + y * box["height"] / SIDE) for x, y in points.tolist()]


def drawn(tab, digit: str) -> None:  # type: ignore[no-untyped-def]
    first, *rest = on_screen(tab, path(digit))
    tab.mouse.move(*first)
    tab.mouse.down()
    for point in rest:
        tab.mouse.move(*point)
    tab.mouse.up()


def without(tab, element: str) -> None:  # type: ignore[no-untyped-def]
    """Wait until it is not to be seen."""
    sync_api.expect(tab.locator(element)).to_be_hidden()


def says(tab, label: str) -> None:  # type: ignore[no-untyped-def]
    """Wait until the page says so."""
    sync_api.expect(tab.locator("#label")).to_have_text(label)


def downloaded(tab, target: Path) -> str:  # type: ignore[no-untyped-def]
    with tab.expect_download() as download:
        tab.click("#download")
    download.value.save_as(target)
    return str(download.value.suggested_filename)


# ---- drawing ----


def test_a_3_drawn_with_the_mouse_is_read_and_its_workbook_is_right_in_both_engines(tab, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    drawn(tab, "3")
    says(tab, "3")
    assert tab.inner_text("#sentence").startswith("3, ")
    book = tmp_path / "three.xlsx"
    assert downloaded(tab, book) == "digit-3.xlsx"
    for engine in ["formualizer"] + ["libreoffice"] * ("libreoffice" not in MISSING):
        report = verify(book, engine)
        assert report.ok, engine
        assert report.prediction is not None
        assert report.prediction["label"] == 3
    tab.set_input_files("#workbook-file", book)
    sync_api.expect(tab.locator("#verdict")).to_have_class("ok", timeout=60_000)
    assert "three.xlsx computes its network; it says 3" in tab.inner_text("#verdict")
    assert tab.locator("#report tbody tr").count() == len(report.sheets)


def test_it_is_live_while_the_pen_is_down(tab) -> None:  # type: ignore[no-untyped-def]
    first, *rest = on_screen(tab, path("7"))
    tab.mouse.move(*first)
    tab.mouse.down()
    for point in rest:
        tab.mouse.move(*point)
    says(tab, "7")
    sync_api.expect(tab.locator("#layer-list section")).to_have_count(7)
    assert tab.locator("#read canvas").count() == 1
    assert [tab.locator("#layer-list section").nth(k).locator("canvas").count() for k in range(7)] == [2, 2, 2, 2, 2, 1, 1]
    tab.mouse.up()


def test_the_first_point_of_a_drawing_is_no_error(tab) -> None:  # type: ignore[no-untyped-def]
    (x, y), *_ = on_screen(tab, path("7"))
    tab.route("**/read?**", lambda route: route.fulfill(status=422, body="there is no digit to see"))
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.wait_for_timeout(300)
    assert tab.inner_text("#message") == "", "while the pen is down"
    tab.mouse.up()
    sync_api.expect(tab.locator("#message")).to_have_text("there is no digit to see")


def test_only_the_first_button_and_one_pointer_draw(tab) -> None:  # type: ignore[no-untyped-def]
    (x, y), (to_x, to_y), *_ = on_screen(tab, path("1"))
    tab.mouse.move(x, y)
    tab.mouse.down(button="right")
    tab.mouse.move(to_x, to_y)
    tab.mouse.up(button="right")
    assert tab.is_visible("#hint"), "nothing was drawn"


def test_undo_and_clear(tab) -> None:  # type: ignore[no-untyped-def]
    drawn(tab, "7")
    says(tab, "7")
    drawn(tab, "1")
    tab.click("#undo")
    says(tab, "7")
    tab.click("#clear")
    without(tab, "#answer")
    assert tab.is_visible("#empty")
    assert tab.get_attribute("#download", "aria-disabled") == "true"
    tab.keyboard.press("Control+z")
    says(tab, "7")
    drawn(tab, "1")
    tab.keyboard.press("Control+z")  # after the mouse, too
    says(tab, "7")


def test_a_finger_draws(chromium, unopened: Page) -> None:  # type: ignore[no-untyped-def]
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    tab = context.new_page()
    tab.goto(unopened.gate.address)
    tab.wait_for_selector("body[data-ready]")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390, "nothing is wider than the phone"
    session = context.new_cdp_session(tab)
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * 99], on_screen(tab, path("2")), strict=False):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    says(tab, "2")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_with_the_keyboard_alone(tab, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    def focused() -> str:
        return str(tab.evaluate("document.activeElement.id"))

    def until(wanted: str) -> None:
        for _ in range(30):
            if focused() == wanted:
                return
            tab.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached")

    until("canvas")
    for _ in range(10):
        tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Space")
    sync_api.expect(tab.locator("#spoken")).to_have_text("Pen down at row 4, column 14 of 28")
    for _ in range(20):
        tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Space")
    says(tab, "1")
    sync_api.expect(tab.locator("#spoken")).to_have_text(re.compile(r"^1, \d"))
    until("download")
    with tab.expect_download() as download:
        tab.keyboard.press("Enter")
    assert download.value.suggested_filename == "digit-1.xlsx"
    assert focused() == "download", "the focus stays"
    tab.keyboard.press("Shift+Tab")
    until("canvas")
    tab.keyboard.press("Delete")
    sync_api.expect(tab.locator("#answer")).to_be_hidden()


# ---- pictures ----


def transfer(tab, data: bytes, name: str, kind: str):  # type: ignore[no-untyped-def]
    """What a drop or a paste carries."""
    return tab.evaluate_handle(
        """([data, name, type]) => {
            const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0)), carried = new DataTransfer();
            carried.items.add(new File([bytes], name, { type }));
            return carried;
        }""",
        [b64encode(data).decode(), name, kind],
    )


def png(image) -> bytes:  # type: ignore[no-untyped-def]
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_a_photograph_is_dropped(tab, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    picture = png(photograph(draw("5")))
    carried = transfer(tab, picture, "my 5.png", "image/png")
    tab.dispatch_event("main", "dragenter", {"dataTransfer": carried})
    assert tab.is_visible("#dropping")
    tab.dispatch_event("main", "drop", {"dataTransfer": carried})
    says(tab, "5")
    assert tab.is_hidden("#dropping")
    assert tab.is_visible("#preview")
    tab.click("#stages summary")
    sync_api.expect(tab.locator("#stage-pictures img")).to_have_count(5)
    (tmp_path / "five.png").write_bytes(picture)
    make_workbook(tmp_path / "five.png", tmp_path / "five.xlsx")
    downloaded(tab, tmp_path / "downloaded.xlsx")
    assert (tmp_path / "downloaded.xlsx").read_bytes() == (tmp_path / "five.xlsx").read_bytes(), "the very same workbook"
    drawn(tab, "1")
    says(tab, "1")
    assert tab.is_hidden("#preview"), "drawing begins anew"
    tab.click("#undo")
    says(tab, "5")
    assert tab.is_visible("#preview"), "and the picture comes back"


def test_a_picture_is_pasted(tab) -> None:  # type: ignore[no-untyped-def]
    carried = transfer(tab, SEVEN.read_bytes(), "seven.png", "image/png")
    tab.evaluate("(data) => dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))", carried)
    says(tab, "7")


def test_a_photograph_is_taken_and_the_camera_goes_off(tab) -> None:  # type: ignore[no-untyped-def]
    tab.click("#camera")
    sync_api.expect(tab.locator("video")).to_have_js_property("paused", False)
    sync_api.expect(tab.locator("video")).to_have_js_property("readyState", 4)
    tab.evaluate("globalThis.tracks = document.querySelector('video').srcObject.getTracks()")
    tab.click("#shoot")
    without(tab, "#camera-dialog")
    assert tab.evaluate("tracks.map((track) => track.readyState)") == ["ended"]
    sync_api.expect(tab.locator("#message:visible, #answer:visible")).to_have_count(1)


def test_a_workbook_is_dropped(tab, seven: Path) -> None:  # type: ignore[no-untyped-def]
    tab.dispatch_event("main", "drop", {"dataTransfer": transfer(tab, seven.read_bytes(), "seven.xlsx", "")})
    sync_api.expect(tab.locator("#verdict")).to_have_class("ok", timeout=60_000)


def test_a_row_of_digits_asks_which(tab) -> None:  # type: ignore[no-untyped-def]
    row = np.hstack([np.asarray(draw(digit).convert("L").resize((150, 150))) for digit in "27"])
    tab.set_input_files("#file", {"name": "row.png", "mimeType": "image/png", "buffer": png(Image.fromarray(row))})
    says(tab, "2")
    assert "shows 2 digits" in tab.inner_text("#several")
    tab.check("#picks input >> nth=1")
    says(tab, "7")


BAD = {
    "no picture": ({"name": "<b>x</b>.png", "mimeType": "image/png", "buffer": b"nothing"}, "<b>x</b>.png is not an image"),
    "an empty file": ({"name": "empty.png", "mimeType": "image/png", "buffer": b""}, "empty"),
    "a name of emoji": ({"name": "ab" + "\U0001f600" * 120 + ".png", "mimeType": "", "buffer": b"x"}, "is not an image"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_cannot_be_read_is_said_and_the_drawing_stays(tab, kind: str) -> None:  # type: ignore[no-untyped-def]
    drawn(tab, "7")
    says(tab, "7")
    file, words = BAD[kind]
    tab.set_input_files("#file", file)
    sync_api.expect(tab.locator("#message")).to_contain_text(words)
    tab.wait_for_timeout(300)
    assert words in tab.inner_text("#message"), "it stays"
    assert tab.get_attribute("#message", "role") == "alert"
    assert tab.is_visible("#answer")
    assert tab.is_hidden("#preview")
    drawn(tab, "1")
    without(tab, "#message")
    tab.click("#undo")
    says(tab, "7")


def test_a_folder_is_none(tab, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    tab.evaluate("""() => {
        const broken = new File([], "photos");
        broken.arrayBuffer = () => Promise.reject(new DOMException("a folder", "NotFoundError"));
        const carried = new DataTransfer(), event = new DragEvent("drop", { bubbles: true, cancelable: true });
        Object.defineProperty(event, "dataTransfer", { value: { files: [broken], types: ["Files"] } });
        document.body.dispatchEvent(event);
    }""")
    sync_api.expect(tab.locator("#message")).to_have_text("photos cannot be read: it is a folder, or was changed or taken away")
    assert tab.get_attribute("#message", "lang") == "en"


def test_what_is_drawn_while_a_picture_is_read_stays(tab) -> None:  # type: ignore[no-untyped-def]
    tab.route("**/read?**", lambda route: (tab.wait_for_timeout(400), route.continue_()), times=1)
    tab.set_input_files("#file", SEVEN)
    drawn(tab, "1")
    says(tab, "1")
    tab.wait_for_timeout(600)
    assert tab.inner_text("#label") == "1"
    assert tab.is_hidden("#preview")


def test_a_picture_comes_where_one_has_scrolled_to(tab) -> None:  # type: ignore[no-untyped-def]
    drawn(tab, "7")
    says(tab, "7")
    tab.evaluate("scrollTo(0, 400)")
    tab.select_option("#samples", "4")
    says(tab, "4")
    assert tab.evaluate("scrollY") == 400
    tab.focus("#samples")
    tab.keyboard.press("ArrowDown")
    says(tab, "5")


def test_the_workbook_of_the_digit_that_is_picked(tab, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    row = np.hstack([np.asarray(draw(digit).convert("L").resize((150, 150))) for digit in "27"])
    tab.set_input_files("#file", {"name": "row.png", "mimeType": "image/png", "buffer": png(Image.fromarray(row))})
    says(tab, "2")
    tab.check("#picks input >> nth=1")
    says(tab, "7")
    tab.check("#learning")
    assert downloaded(tab, tmp_path / "row.xlsx") == "digit-7.xlsx"
    (tmp_path / "row.png").write_bytes(png(Image.fromarray(row)))
    make_workbook(tmp_path / "row.png", tmp_path / "made.xlsx", pick=2, add=["learning"])
    assert (tmp_path / "row.xlsx").read_bytes() == (tmp_path / "made.xlsx").read_bytes()


def test_clearing_while_the_workbook_is_made(tab) -> None:  # type: ignore[no-untyped-def]
    drawn(tab, "7")
    says(tab, "7")
    tab.evaluate("() => { document.getElementById('download').click(); document.getElementById('clear').click(); }")
    without(tab, "#answer")
    tab.wait_for_timeout(1500)
    assert "null" not in tab.inner_text("body")
    assert tab.get_attribute("#download", "aria-disabled") == "true"


def test_what_is_wrong_with_a_workbook_is_listed(tab, seven: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    changes = {("relu1", "output", (0, 3, x)): 5.0 for x in range(3)}
    damaged = edited(seven, tmp_path / "damaged.xlsx", changes)
    tab.set_input_files("#workbook-file", damaged)
    sync_api.expect(tab.locator("#verdict")).to_have_class("bad", timeout=60_000)
    assert tab.locator("#report li").count() >= 3
    assert "ReLU1!" in tab.locator("#report li").first.inner_text()
    tab.set_input_files("#workbook-file", {"name": "notes.ods", "mimeType": "", "buffer": b"no workbook"})
    sync_api.expect(tab.locator("#verdict")).to_contain_text("notes.ods is not a workbook", timeout=60_000)


# ---- what is shown is what was computed ----

PIXELS = """(canvas) => [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]"""


def test_maps_have_the_colours_of_their_numbers(tab) -> None:  # type: ignore[no-untyped-def]
    tab.set_input_files("#file", SEVEN)
    says(tab, "7")
    values = LESSON.network.forward(load_image(SEVEN))["conv1"]["output"]
    bound = np.abs(values).max()
    for k in range(2):
        canvas = tab.locator("#layer-list section >> nth=0").locator("canvas").nth(k)
        found = np.array(canvas.evaluate(PIXELS)).reshape(26, 26, 4)[..., :3]
        share = np.abs(values[k])[..., None] / bound
        blue, orange = np.array([0x47, 0x88, 0xCB]), np.array([0xF7, 0xB7, 0x6B])
        expected = 255 + (np.where(values[k][..., None] < 0, orange, blue) - 255) * share
        assert np.abs(found - expected).max() <= 1, "one scale for both maps"


def test_the_number_under_the_mouse(tab) -> None:  # type: ignore[no-untyped-def]
    tab.set_input_files("#file", SEVEN)
    says(tab, "7")
    values = LESSON.network.forward(load_image(SEVEN))["conv1"]["output"]
    canvas = tab.locator("#layer-list section >> nth=0").locator("canvas").nth(1)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    tab.mouse.move(box["x"] + 10.5 * box["width"] / 26, box["y"] + 5.5 * box["height"] / 26)
    assert tab.inner_text("#tip") == f"row 6, column 11: {float(np.float32(values[1, 5, 10])):.4g}"


def test_bars_are_as_long_as_the_probabilities(tab) -> None:  # type: ignore[no-untyped-def]
    tab.select_option("#samples", "12")
    sync_api.expect(tab.locator("#answer")).to_be_visible()
    shares = [float(text.split()[0].rstrip("%")) for text in tab.locator("#bars .share").all_inner_texts()]
    widths = tab.evaluate("[...document.querySelectorAll('.bar')].map((bar) => bar.firstChild.offsetWidth / bar.clientWidth)")
    assert np.allclose(np.array(widths) * 100, shares, atol=1)
    assert sum(shares) == pytest.approx(100, abs=1)


# ---- choices ----


def test_a_sample_another_network_another_language(tab) -> None:  # type: ignore[no-untyped-def]
    tab.select_option("#samples", "4")
    says(tab, "4")
    tab.select_option("#template", "lenet")
    sync_api.expect(tab.locator("#layer-list section >> nth=0").locator("canvas")).to_have_count(6)
    says(tab, "4")
    for language, head in (("de", "Wahrscheinlichkeiten"), ("fr", "Probabilités"), ("es", "Probabilidades")):
        tab.select_option("#language", language)
        assert tab.inner_text("#result-head") == head
        assert tab.get_attribute("html", "lang") == language


def test_network_and_language_survive_a_reload(tab) -> None:  # type: ignore[no-untyped-def]
    tab.select_option("#template", "lenet")
    tab.select_option("#language", "de")
    tab.reload()
    tab.wait_for_selector("body[data-ready]")
    assert tab.input_value("#template") == "lenet"
    assert tab.inner_text("#drawing-head") == "Deine Ziffer"


def test_the_end_of_the_server_is_said(chromium) -> None:  # type: ignore[no-untyped-def]
    with served() as another:
        context = chromium.new_context()
        other = context.new_page()
        other.goto(another.gate.address)
        other.wait_for_selector("body[data-ready]")
    drawn(other, "1")
    sync_api.expect(other.locator("#message")).to_contain_text("xlcnn draw has ended")
    context.close()


# ---- for everybody ----

CONTRAST = """() => {
  const line = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * line(r) + 0.7152 * line(g) + 0.0722 * line(b) + 0.05;
  const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const [r, g, b, a] = numbers(getComputedStyle(e).backgroundColor);
      if (a !== 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const e of document.querySelectorAll("body *")) {
    if (!e.checkVisibility() || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [light(numbers(getComputedStyle(e).color)), light(behind(e))];
    const ratio = Math.max(a, b) / Math.min(a, b);
    if (ratio < 4.5) found.push(`${e.tagName}#${e.id} ${e.textContent.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""

UNNAMED = """() => [...document.querySelectorAll("button, select, input:not([hidden]), canvas, img:not([hidden])")]
  .filter((e) => e.checkVisibility())
  .filter((e) => !(e.textContent.trim() || e.getAttribute("aria-label") || e.alt || e.labels?.length))
  .map((e) => e.outerHTML.slice(0, 80))"""


def test_contrast_and_names(tab) -> None:  # type: ignore[no-untyped-def]
    assert tab.evaluate(CONTRAST) == []
    drawn(tab, "3")
    says(tab, "3")
    assert tab.evaluate(CONTRAST) == [], "AA: 4.5 to 1"
    assert tab.evaluate(UNNAMED) == []


RING = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}"""


def test_the_focus_is_seen_wherever_it_is(tab) -> None:  # type: ignore[no-untyped-def]
    seen = set()
    for _ in range(14):
        tab.keyboard.press("Tab")
        name = tab.evaluate("document.activeElement.id")
        if name:
            seen.add(name)
            assert tab.evaluate(RING), name
    assert {"template", "language", "canvas", "undo", "open", "download", "choose-workbook"} <= seen
    tab.focus("#canvas")
    tab.keyboard.press("ArrowUp")
    assert tab.is_visible("#keys")


LINES = """() => [...document.querySelectorAll("#bars li")].map((line) => [
  line.scrollWidth <= line.clientWidth, line.querySelector(".bar").clientWidth,
])"""


@pytest.mark.parametrize(
    ("width", "height"), [(320, 640), (390, 844), (720, 800), (768, 1024), (860, 800), (1024, 768), (1366, 650), (1920, 1080)]
)
def test_from_a_phone_to_a_beamer(tab, width: int, height: int) -> None:  # type: ignore[no-untyped-def]
    tab.set_viewport_size({"width": width, "height": height})
    drawn(tab, "3")
    says(tab, "3")
    sentence = tab.locator("#sentence").bounding_box()
    assert sentence["y"] + sentence["height"] <= height, "what is drawn and what is said are seen together"
    for language in ("en", "de"):
        tab.select_option("#language", language)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert all(fits and bar >= 60 for fits, bar in tab.evaluate(LINES)), tab.evaluate(LINES)
    tab.locator("#layer-list canvas >> nth=0").scroll_into_view_if_needed()
    assert tab.locator("#sentence").bounding_box()["y"] >= 0, "the answer stays in view beside the maps"
