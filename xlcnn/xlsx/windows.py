"""Windows in which something of the workbook can be seen, and chosen (ECMA-376 part 1, 18.2.30)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xlcnn.xlsx.values import is_on, signed, whole
from xlcnn.xlsx.xml import Attributes

SMALLEST = {"windowWidth": 3000, "windowHeight": 2000}  # twips, 15 to a pixel: 200 × 133 pixels
FARTHEST = 150_000  # twips from the first screen's corner: ten thousand pixels; others may stand beside or above it
LEAST_TABS = 50  # thousandths of a window's width
USUAL_TABS = 600


def window_settings(part: str, windows: Iterable[Attributes]) -> list[str]:
    """What is wrong with the best of the windows; nothing, where there is none: programs then make one."""
    return min((list(wrong(part, window)) for window in windows), key=len, default=[])


def wrong(part: str, a: Attributes) -> Iterator[str]:
    """Why nothing of the workbook can be seen in a window, or no other sheet be chosen."""
    if a.get("visibility", "visible") != "visible":
        yield "hidden window"
    if is_on(part, a, "minimized"):
        yield "minimized"
    if any(0 < whole(part, a, side, 0) < least for side, least in SMALLEST.items()):
        yield "tiny window"
    if any(abs(signed(part, a, side, 0)) > FARTHEST for side in ("xWindow", "yWindow")):
        yield "far window"
    if not is_on(part, a, "showSheetTabs", True) or whole(part, a, "tabRatio", USUAL_TABS) < LEAST_TABS:
        yield "no tabs"
