"""Settings with which a program computes or colours otherwise, and what a workbook fetches from elsewhere: each named."""

from __future__ import annotations

from collections.abc import Iterator

from xlcnn.verifier.description import Described
from xlcnn.verifier.report import Problem

ADVANCED, FORMULAS = "File > Options > Advanced", "File > Options > Formulas"

#: Setting → what it should be, what it is, and where to switch it off in Excel.
SETTINGS = {
    "precision": ("full precision", "precision as displayed", f"switch off “Set precision as displayed” under {ADVANCED}"),
    "iterate": (
        "no iteration", "iterative calculation", f"switch off “Enable iterative calculation” under {FORMULAS}",
    ),
    "1904": ("the 1900 date system", "the 1904 date system", f"switch off “Use 1904 date system” under {ADVANCED}"),
    "R1C1": ("references such as B7", "references such as R7C2", f"switch off “R1C1 reference style” under {FORMULAS}"),
    "hidden window": ("a window", "a hidden window, in which nothing of it is seen", "show it with View > Unhide"),
    "minimized": ("a window", "one that is minimized, in which nothing of it is seen", "restore the window, and save"),
    "tiny window": ("a window", "one of hardly any size", "enlarge the window, and save"),
    "far window": ("a window", "one that lies beyond every screen", "maximize the window, and save"),
    "no tabs": ("the tabs of the sheets", "none", f"switch on “Show sheet tabs” under {ADVANCED}, and give them room"),
    "no objects": ("charts and pictures", "none", f"choose “For objects, show: All” under {ADVANCED}"),
    "transition": (
        "Excel's own rules", "those of Lotus 1-2-3", f"switch off “Transition formula evaluation” under {ADVANCED}",
    ),
    "still colours": (
        "colours that follow the numbers", "colours that stand still", "set EnableFormatConditionsCalculation of the sheet to True",
    ),
}  # fmt: skip
ELSEWHERE = "break the link under Data > Edit Links, or remove it under Data > Queries & Connections"


def setting_problems(described: Described) -> Iterator[Problem]:
    """Of the workbook, then of each sheet of the network. Manual calculation is told with what misleads the eye."""
    book = described.book
    first = next(iter(book.sheets))
    tabs = {placed.title for placed in described.layout.values() if placed.blocks}
    found = [(first, name) for name in book.settings]
    found += [(title, name) for title, cells in book.sheets.items() if title in tabs for name in cells.settings]
    for title, name in found:
        if name in SETTINGS:
            yield Problem("setting", title, None, *SETTINGS[name])
    for what in book.outside:
        yield Problem("outside", first, None, "a workbook that holds all that it needs", what, ELSEWHERE)
