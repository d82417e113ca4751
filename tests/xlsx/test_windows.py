"""Of several windows the best one counts."""

from __future__ import annotations

import pytest

from xlcnn.xlsx.windows import window_settings


@pytest.mark.parametrize(("windows", "wrong"), [
    ([], []), ([{}], []), ([{"visibility": "hidden"}], ["hidden window"]), ([{"visibility": "hidden"}, {}], []),
    ([{"minimized": "true"}], ["minimized"]), ([{"windowWidth": "0", "windowHeight": "0"}], []),
    ([{"windowWidth": "2999"}], ["tiny window"]), ([{"windowWidth": "3000"}], []), ([{"yWindow": "-200000"}], ["far window"]),
    ([{"showSheetTabs": "0", "minimized": "1"}], ["minimized", "no tabs"]), ([{"tabRatio": "49"}], ["no tabs"]),
])  # fmt: skip
def test_what_is_wrong_with_windows(windows: list[dict[str, str]], wrong: list[str]) -> None:
    assert window_settings("xl/workbook.xml", windows) == wrong
