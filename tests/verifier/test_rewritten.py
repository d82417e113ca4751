"""The lesson's workbook with formulas written in another way: honest ones pass and are counted, all others are named alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LESSON, at, cell, reference, tab, with_formula
from tests.verifier.helpers import changed, described_of, emptied, problems, to_text, with_part
from xlcnn import verify
from xlcnn.grid.references import a1, split_cell
from xlcnn.verifier.constants import is_constant, live_constants
from xlcnn.verifier.html import html_report
from xlcnn.verifier.judging import ground_of
from xlcnn.verifier.report import Report, text_report

Place = tuple[str, str, tuple[int, ...]]
IN, WINDOW, CHOSEN = "{in}", "{window}", reference("input", "number")


def ours(place: Place) -> str:
    return (LESSON[place[0]].formula(place[1], place[2]) or "=")[1:]


def filled(text: str, place: Place) -> str:
    """The text with our own formula for ``{}``, the cell that a ReLU reads for ``{in}``, those of a pool for ``{window}``."""
    if IN in text:
        text = text.replace(IN, cell(place[0], "in", place[2]))
    if WINDOW in text:
        c, y, x = place[2]
        text = text.replace(WINDOW, ",".join(cell("maxpool", "in", (c, 2 * y + dy, 2 * x + dx)) for dy in (0, 1) for dx in (0, 1)))
    return text.replace("{}", ours(place))


RELU, POOL, CONV, CONV2 = ("relu1", "output"), ("maxpool", "output"), ("conv1", "output"), ("conv2", "output")

HONEST = [
    (RELU, "IF({in}>0,{in},0)"), (RELU, "({in}+ABS({in}))/2"), (RELU, "MAX({in},0)"), (RELU, "-MIN(0,-{in})"),
    (RELU, "{in}-MIN({in},0)"),
    (RELU, "MAX(0,{in}*2)/2"), (RELU, "IF(0>={in},0,{in})"), (RELU, "max( (0) , {in} )"), (RELU, "+{}"), (RELU, "({}+{})/2"),
    (POOL, "MAX({window})"), (POOL, "MAX({},{})"), (POOL, "-MIN(-MAX({window}),-{})"),
    (CONV, "{}+0"), (CONV, "1*({})"), (CONV, "0+({})*1"), (CONV, "({})*50%+({})/2"), (CONV, "{}-1+1"),
    (CONV2, "SUM({})"), (CONV2, "({})"), (CONV2, "--({})"), (CONV2, "({})*3/3"),
    (("softmax", "accuracy"), "({}+{})/2"), (("linear", "largest"), "MAX({},{})"),
    (("functions", "sigmoid"), "({}+{})/2"), (("conv1", "times"), "({})*1"), (("softmax", "output"), "2*{}/2"),
]  # fmt: skip

DECEPTIVE = [
    (RELU, f"IF({CHOSEN}=4,50,MAX(0,{{in}}))", "formula", f"it also reads {CHOSEN}, which it may not"),
    (RELU, "IF(ISBLANK({in}),9,MAX(0,{in}))", "unproven", "ISBLANK has no place in it"),
    (RELU, "MAX(0,MIN(3.1,{in}))", "unproven", "it could not be shown"),
    (RELU, "IF({in}=1,7,{})", "unproven", "a comparison has no"),
    (RELU, "IF({in}=2.345,7,{})", "unproven", "a comparison has no"),
    (RELU, "IF({in}>90000,7,{})", "unproven", "a comparison has no"),
    (RELU, "IF(AND({in}>2.1,{in}<2.2),7,{})", "unproven", "a comparison has no"),
    (RELU, "MIN(1000000.5,{})", "unproven", "it could not be"),
    (RELU, "IF({in}>0.5,{},0)", "", ""), (RELU, "{}+1E16-1E16", "formula", "with random numbers"),
    (RELU, "IF(0.1+0.2=0.3,{},{})", "unproven", "it compares constants"), (RELU, "{}+0*RAND()", "formula", "RAND may give another"),
    (RELU, "{}+0*A1", "formula", "it also reads A1"),
    (RELU, "{}+0/({in}-0.5)", "unproven", "it divides by"),
    (RELU, "ROUND({},12)", "unproven", "ROUND has no"), (RELU, "{in}*({in}>0)", "unproven", "a compa"),
    (POOL, "MAX({window})*1.0000001", "formula", "with random numbers"),
    (POOL, "MAX({},-1E9)", "unproven", "it could not be shown"),
    (POOL, "LARGE({window},1)", "unproven", ""),
    (CONV, "IF({}>6,9,{})", "formula", "with random numbers it gives 9"),
    (CONV, "MIN(30,{})", "formula", "with random numbers it gives 30"),
    (CONV, "{}+EXP(-1E9*({}-0.5)^2)", "unproven", "EXP has no place"), (CONV, "IFERROR({},0)", "unproven", "IFERROR has no"),
    (CONV2, "IF(SUM({})>2.9,9,{})", "formula", "with random numbers it gives 9"), (CONV2, "{}^1.00000001", "", ""),
    (("softmax", "accuracy"), "MIN(1,{})", "unproven", "it could not be shown"),
    (("functions", "sigmoid"), "{}^1*1^0", "unproven", "0^0"),
]  # fmt: skip


def placed(cases: list[tuple]) -> list[Place]:  # type: ignore[type-arg]
    """Another cell for every formula."""
    used: Counter[tuple[str, str]] = Counter()
    found = []
    for (sheet, part), *_ in cases:
        shape = LESSON[sheet].parts[part].shape
        index = [0] * len(shape)
        if shape:
            index[-1] = 1 + used[sheet, part]  # not the first, from which the formula is dragged
        index[-2:-1] = [1] * len(index[-2:-1])
        used[sheet, part] += 1
        found.append((sheet, part, tuple(index)))
    return found


def rewritten(seven: Path, target: Path, cases: list[tuple]) -> Path:  # type: ignore[type-arg]
    changes = {at(*p): with_formula(filled(case[1], p)) for p, case in zip(placed(cases), cases, strict=True)}
    return changed(seven, target, changes)


@pytest.fixture(scope="module")
def honest(seven: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return verify(rewritten(seven, tmp_path_factory.mktemp("honest") / "honest.xlsx", HONEST), trials=1)


def test_honest_rewritings_pass_and_are_counted(honest: Report) -> None:
    assert [str(p) for p in honest.problems] == []
    places = {at(*place) for place in placed(HONEST)}
    assert Counter(title for title, _ in places) == {s.sheet: s.proven for s in honest.sheets if s.proven}
    assert all(s.as_written + s.proven == s.formulas and s.tried == 0 for s in honest.sheets)
    lines = text_report(honest, "x").splitlines()
    line = next(line for line in lines if line.startswith(tab("maxpool")))
    assert re.search(r"ok \(\d+ formulas as written by xlcnn, 3 proven to be the same\)", line)
    assert "3 proven to be the same" in html_report([honest], "x")


@pytest.fixture(scope="module")
def deceptive(seven: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return verify(rewritten(seven, tmp_path_factory.mktemp("deceptive") / "deceptive.xlsx", DECEPTIVE), trials=0)


@pytest.mark.parametrize("k", range(len(DECEPTIVE)), ids=[case[1] for case in DECEPTIVE])
def test_a_deception_is_named(deceptive: Report, k: int) -> None:
    place = at(*placed(DECEPTIVE)[k])
    _, _, kind, note = DECEPTIVE[k]
    (problem,) = (p for p in deceptive.problems if (p.sheet, p.cell) == place)
    assert problem.kind in ({kind} if kind else {"formula", "unproven"})
    assert problem.note.startswith(note)


def test_what_the_engine_cannot_even_compute_is_named(seven: Path, tmp_path: Path) -> None:
    cases = [(RELU, "{}+0*[1]Net!A1"), (POOL, "MAX({window})")]
    (problem,) = verify(rewritten(seven, tmp_path / "no.xlsx", cases), trials=0).problems
    assert (problem.kind, problem.sheet, problem.cell) == ("unproven", *at(*placed(cases)[0]))
    assert problem.note.startswith("it reads another workbook or a table; write the formula that is expected here; the engine")


def test_only_the_deceptions_are_named(deceptive: Report) -> None:
    assert {(p.sheet, p.cell) for p in deceptive.problems} <= {at(*place) for place in placed(DECEPTIVE)}
    assert not deceptive.ok
    assert sum(s.tried for s in deceptive.sheets) == sum(p.kind == "unproven" for p in deceptive.problems)


# ---- cells for constants ----


def formula_instead(text: str) -> Callable[[str], str]:
    """An edit: a formula in a cell that held a number or a word; what it held stays as the stored result."""

    def edit(xml: str) -> str:
        before, _, rest = xml.partition(">")
        if ' t="s"' in before:
            return before.replace(' t="s"', "") + f"><f>{text}</f></c>"
        return f"{before}><f>{text}</f>{rest}"

    return edit


@pytest.mark.parametrize("text", ["RAND()", "NOW()/1E6", "1+0*A1", "IF(Input!$AG$9=9,1,7)"])
def test_a_formula_where_a_weight_must_be_is_named_alone(seven: Path, tmp_path: Path, text: str) -> None:
    place = at("conv2", "weight", (0, 0, 1, 1))
    assert problems(changed(seven, tmp_path / "live.xlsx", {place: formula_instead(text)}), trials=0) == [("live", *place)]


def test_a_word_by_formula_is_named(seven: Path, tmp_path: Path) -> None:
    part = next(p for (n, p) in described_of(seven).words if n == "input")
    place = at("input", part, (3,))
    path = changed(seven, tmp_path / "live.xlsx", {place: formula_instead('"x"')})
    assert live_constants(described_of(path)) == {(place[0], split_cell(place[1]))}


def test_constant_arithmetic_may_be_a_weight(seven: Path, tmp_path: Path) -> None:
    place = at("conv1", "own", (0, 0, 1, 1))
    value = described_of(seven).book.sheets[place[0]].values[split_cell(place[1])]
    path = changed(seven, tmp_path / "constant.xlsx", {place: formula_instead(f"{value!r}/1")})
    assert live_constants(described_of(path)) == frozenset()
    assert problems(path, trials=0) == []


@pytest.mark.parametrize("formula", ["=1/9", "=-2", "=SQRT(2)/2", "=PI()", "=EXP(-1)", "=50%", "=(1+2)*3^2", "=LN(2)", "=2^-1"])
def test_constant_arithmetic(formula: str) -> None:
    assert is_constant(formula)


@pytest.mark.parametrize(
    "formula",
    ["=RAND()", "=NOW()", "=A1", "=1/9+0*A1", '="7"', "=IF(1=1,2,3)", "=1/0", "=INDIRECT(1)", "=ROW()", "=corner", "=1=1", "=1&2",
     "=9^9^9^9", "=SQRT(-1)", "=PI(1)", "=(1", "=TRUE", "=[1]A!B2", "=SUM({1,2})", "=" + "(" * 99 + "1" + ")" * 99],
)  # fmt: skip
def test_what_is_no_constant_arithmetic(formula: str) -> None:
    assert not is_constant(formula)


# ---- what was not compared ----


@pytest.mark.parametrize("edit", [emptied, to_text("four")])
def test_what_was_not_compared_is_not_called_ok(seven: Path, tmp_path: Path, edit: Callable[[str], str]) -> None:
    place = at("conv2", "weight", (0, 0, 1, 1))
    report = verify(changed(seven, tmp_path / "bad.xlsx", {place: edit}), trials=0)
    assert [(p.sheet, p.cell) for p in report.problems] == [place]
    assert not any(s.ok or s.checked for s in report.sheets)
    assert all(s["max_abs_error"] is None and s["checked"] is False for s in report.as_dict()["sheets"])
    lines = text_report(report, "x").splitlines()[1 : 1 + len(report.sheets)]
    assert all(line.endswith("not checked") and "0.0" not in line for line in lines)
    assert html_report([report], "x").count("<b>not checked</b>") == len(report.sheets)


# ---- the ground ----


def test_which_cells_may_be_blank_or_words(seven: Path) -> None:
    described = described_of(seven)
    ground = ground_of(described)
    title, where = at("relu1", "output", (0, 1, 1))
    assert (title, split_cell(where)) in ground.blocks - ground.loose
    assert {title for title, _ in ground.blank} == {tab("samples"), tab("draw"), tab("input")}
    assert a1(*LESSON["input"].references.locate("choice")) in {a1(*c) for t, c in ground.words if t == tab("input")}


def test_a_name_that_one_sheet_has_for_itself_is_refused(seven: Path, tmp_path: Path) -> None:
    """It may mean another cell there than the name of the whole workbook."""
    place = ("relu1", "output", (0, 1, 1))
    where = reference("relu1", "in", (0, 1, 1)).replace("!", "!$")
    where = re.sub(r"(\$[A-Z]+)(\d+)", r"\1$\2", where)
    both = [f'<definedName name="mine">{where}</definedName>', f'<definedName name="MINE" localSheetId="3">{where}</definedName>']
    path = changed(seven, tmp_path / "named.xlsx", {at(*place): with_formula("MAX(0,mine)")})
    for names, found in ((both[:1], []), (both, ["unproven"])):
        target = with_part(path, tmp_path / "names.xlsx", "xl/workbook.xml", "</definedNames>", "".join(names) + "</definedNames>")
        assert [p.kind for p in verify(target, trials=0).problems if p.kind != "name"] == found  # which is named, too


def test_a_problem_says_what_to_do(deceptive: Report) -> None:
    notes = [problem.note for problem in deceptive.problems if problem.kind == "unproven"]
    assert notes
    assert all(note.endswith("; write the formula that is expected here") for note in notes)
