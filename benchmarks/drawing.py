"""How live the page is: milliseconds from a stroke of the mouse in a real Chromium until everything that follows is painted.

    python -m benchmarks.drawing [--strokes 60]

For each template: the server's own answer to the same picture (over HTTP, as the page asks), and the whole way in the browser.
Needs Playwright and Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from urllib.request import HTTPCookieProcessor, Request, build_opener

from playwright.sync_api import Page, sync_playwright

from tests.conftest import SEVEN
from tests.drawing.conftest import served
from tests.drawing.test_browser import on_screen, path
from xlcnn import list_templates

#: Notes when the maps of the last layer were painted, for the change that came last.
WATCH = """() => {
  const times = [], canvas = document.getElementById("canvas");
  let moved = 0;
  canvas.addEventListener("pointermove", () => { moved ||= performance.now(); }, true);
  new MutationObserver(() => requestAnimationFrame(() => {
    if (moved) { times.push(performance.now() - moved); moved = 0; }
  })).observe(document.getElementById("layer-list"), { subtree: true, attributes: true, childList: true });
  globalThis.times = times;
}"""


def asked(address: str, template: str, count: int) -> list[float]:
    """Milliseconds of the server's answers."""
    opener = build_opener(HTTPCookieProcessor())
    opener.open(address).read()
    origin = address.partition("/?")[0]
    data, found = SEVEN.read_bytes(), []
    for _ in range(count):
        begin = time.perf_counter()
        opener.open(Request(f"{origin}/read?template={template}", data, {"Origin": origin})).read()
        found.append(1000 * (time.perf_counter() - begin))
    return found


def drawn(tab: Page, template: str, count: int) -> list[float]:
    """Milliseconds of the whole way, while digits are drawn with the mouse, one point after the other."""
    tab.select_option("#template", template)
    tab.evaluate(WATCH)
    times: list[float] = []
    while len(times) < count:
        if tab.get_attribute("#clear", "aria-disabled") != "true":
            tab.click("#clear")
        first, *rest = on_screen(tab, path("3", 20))
        tab.mouse.move(*first)
        tab.mouse.down()
        for point in rest:
            tab.mouse.move(*point)
            tab.wait_for_timeout(150)  # one change at a time: else only the last of several would be measured
        tab.mouse.up()
        times = tab.evaluate("times")
    return times[:count]


def told(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered):6.0f} ms, 95 % within {ordered[int(0.95 * (len(ordered) - 1))]:4.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strokes", type=int, default=60, help="changes that are measured for each template")
    count = parser.parse_args().strokes
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for template in list_templates():
            with served() as page:
                server = asked(page.gate.address, template.name, count)
            with served() as page:
                tab = browser.new_page(viewport={"width": 1280, "height": 900})
                tab.goto(page.gate.address)
                tab.wait_for_selector("body[data-ready]")
                print(f"{template.name:<10} the server {told(server)}; in the browser {told(drawn(tab, template.name, count))}")
        browser.close()


if __name__ == "__main__":
    main()
