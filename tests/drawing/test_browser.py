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

from tests.conftest import MISSING, SEVEN
from tests.digits import STROKES, draw, photograph, smooth
from tests.drawing.conftest import Page, served
from xlcnn import make_workbook, verify

pytestmark = [pytest.mark.chromium, pytest.mark.slow]

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


def says(tab, label: str) -> None:  # type: ignore[no-untyped-def]
    """Wait until the page says so."""
    sync_api.expect(tab.locator("#label")).to_have_text(label, timeout=20_000)


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


def test_undo_and_clear(tab) -> None:  # type: ignore[no-untyped-def]
    drawn(tab, "7")
    says(tab, "7")
    drawn(tab, "1")
    tab.click("#undo")
    says(tab, "7")
    tab.click("#clear")
    sync_api.expect(tab.locator("#answer")).to_be_hidden()
    assert tab.is_visible("#empty")
    assert tab.is_disabled("#download")


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
    sync_api.expect(tab.locator("#spoken")).to_have_text("Pen down")
    for _ in range(20):
        tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Space")
    says(tab, "1")
    sync_api.expect(tab.locator("#spoken")).to_have_text(re.compile(r"^1, \d"))
    until("download")
    with tab.expect_download() as download:
        tab.keyboard.press("Enter")
    assert download.value.suggested_filename == "digit-1.xlsx"
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


def test_a_picture_is_pasted(tab) -> None:  # type: ignore[no-untyped-def]
    carried = transfer(tab, SEVEN.read_bytes(), "seven.png", "image/png")
    tab.evaluate("(data) => dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))", carried)
    says(tab, "7")


def test_a_photograph_is_taken_and_the_camera_goes_off(tab) -> None:  # type: ignore[no-untyped-def]
    tab.click("#camera")
    sync_api.expect(tab.locator("video")).to_have_js_property("paused", False)
    sync_api.expect(tab.locator("video")).to_have_js_property("readyState", 4)
    tab.click("#shoot")
    sync_api.expect(tab.locator("#camera-dialog")).to_be_hidden()
    assert tab.evaluate("document.querySelector('video').srcObject") is None
    sync_api.expect(tab.locator("#message:visible, #answer:visible")).to_have_count(1)
    assert tab.is_visible("#preview") == tab.is_visible("#answer"), "what it shows is no digit"


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


def test_what_is_no_picture_is_said(tab) -> None:  # type: ignore[no-untyped-def]
    tab.set_input_files("#file", {"name": "<b>x</b>.png", "mimeType": "image/png", "buffer": b"nothing"})
    sync_api.expect(tab.locator("#message")).to_contain_text("<b>x</b>.png is not an image")
    assert tab.is_disabled("#download")


# ---- choices ----


def test_a_sample_another_network_another_language(tab) -> None:  # type: ignore[no-untyped-def]
    tab.select_option("#samples", "4")
    says(tab, "4")
    tab.select_option("#template", "lenet")
    sync_api.expect(tab.locator("#layer-list section >> nth=0").locator("canvas")).to_have_count(6)
    says(tab, "4")
    for language, head in (("de", "Was das Netz sagt"), ("fr", "Ce que dit le réseau"), ("es", "Lo que dice la red")):
        tab.select_option("#language", language)
        assert tab.inner_text("#result-head") == head
        assert tab.get_attribute("html", "lang") == language


def test_the_end_of_the_server_is_said(tab, unopened: Page, chromium) -> None:  # type: ignore[no-untyped-def]
    with served() as another:
        context = chromium.new_context()
        other = context.new_page()
        other.goto(another.gate.address)
        other.wait_for_selector("body[data-ready]")
    drawn(other, "1")
    sync_api.expect(other.locator("#message")).to_contain_text("xlcnn draw has ended", timeout=20_000)
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


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1920])
def test_from_a_phone_to_a_beamer(tab, width: int) -> None:  # type: ignore[no-untyped-def]
    tab.set_viewport_size({"width": width, "height": 900})
    drawn(tab, "3")
    says(tab, "3")
    for language in ("en", "de"):
        tab.select_option("#language", language)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
