"""A formula written differently is ours, or it is named: on a small sheet, without computing anything."""

from __future__ import annotations

import pytest

from xlcnn.grid.references import split_cell
from xlcnn.verifier.algebra import PRIME, Trace, hashed, ratio
from xlcnn.verifier.evaluation import value_of
from xlcnn.verifier.ground import Ground, Refused
from xlcnn.verifier.proof import judge
from xlcnn.xlsx.book import Book, Formula, Region, SheetCells

#: B2:G9 are the network's; J2:K3 are pixels that may be empty, L2:L4 words; H1 … are helper cells, I9 a number of somebody's.
HELPERS = {"H1": "B2+C2", "H2": "3.1", "H3": "H4", "H4": "H3", "H5": "H1*2", "H6": "B2*B2", "H7": "RAND()*0", "H8": '"3"'}
NAMES = {"corner": "Net!$B$2:$C$3", "far": "Other!$A$1", "odd": "LAMBDA(x,x)", "near": "Net!B2", "twice": "Net!$B$2"}
HOME = ("Net", (9, 2))


def ground() -> Ground:
    formulas = {split_cell(where): Formula(text, split_cell(where)) for where, text in HELPERS.items()}
    sheets = {"Net": SheetCells({(9, 9): 4.0}, formulas), "Other": SheetCells({(1, 1): 5.0}, {}), "Two words": SheetCells({}, {})}
    blank = frozenset(("Net", (row, col)) for row in (2, 3) for col in (10, 11))
    words = frozenset(("Net", (row, 12)) for row in (2, 3, 4))
    blocks = frozenset(("Net", (row, col)) for row in range(2, 10) for col in range(2, 8)) | blank | words
    return Ground(Book(b"", sheets, {}, NAMES, local=(("Sheet", "Twice"),)), blocks, blank, words)


def judged(found: str, expected: str) -> str:
    """``proven``, or what is said against the formula."""
    verdict = judge("=" + found, "=" + expected, HOME, ground())
    return "proven" if verdict.proven else f"{verdict.kind}: {verdict.note}"


def reads(formula: str) -> set[str]:
    trace = Trace()
    value_of("=" + formula, HOME, ground(), trace)
    return {("" if title == "Net" else f"{title}!") + chr(64 + col) + str(row) for title, (row, col) in trace.cells}


@pytest.mark.parametrize(
    ("formula", "cells"),
    [
        ("B2", "B2"), ("$B$2", "B2"), ("b2", "B2"), ("net!B2", "B2"), ("'Net'!B2", "B2"), ("SUM(B2:C3)", "B2 C2 B3 C3"),
        ("SUM(C3:B2)", "B2 C2 B3 C3"), ("SUM(corner)", "B2 C2 B3 C3"), ("SUM(CORNER)", "B2 C2 B3 C3"), ("H1", "B2 C2"),
        ("H5+D2", "B2 C2 D2"), ("H2+1", ""), ("I9", "I9"), ("far", "Other!A1"), ("Other!A1*0", "Other!A1"),
        ("SUM(G2:H2)", "G2"), ("IF(D2>0,B2,C2)", "B2 C2 D2"), ('"B2"&C2', "C2"), ("1+2", ""),
    ],
)  # fmt: skip
def test_what_a_formula_reads(formula: str, cells: str) -> None:
    assert reads(formula) == set(cells.split())


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("SUM(B:B)", "whole rows or columns"), ("SUM(B2:C3 C3:D4)", "joins ranges"), ("SUM((B2,C3))", "','"),
        ("[1]Net!B2", "another workbook"), ("'[1]Net'!B2", "another workbook"), ("Table1[size]", "a table"), ("R2C2", "no name of"),
        ("SUM({1,2})", "braces"), ("H3", "leads back to itself"), ("Nowhere!B2", "no sheet"), ("Net:Other!B2", "joins ranges"),
        ("unknown", "no name of one"), ("odd", "no name of one"), ("near", "other cells in other places"), ("twice", "different"),
        ("#REF!", "an error"), ("SUM(B2:INDEX(B2:B9,2))", "joins ranges"), ("B2:C3", "a whole range"), ("B2:C3*2", "a whole range"),
        ("SUM(B2:C3*D2:E3)", "a whole range"), ("SUMPRODUCT(B2:C3*D2:E2)", "a whole range"), ("@B2", "it holds @"),
        ("SUM(A1:XFD1048576)", "50000 cells"), ("B2+1/0", "divides by 0"), ("B2/(C2-C2)", "divides by 0"), ("B2^0", "0^0"),
        ("B2^999", "a power beyond 8"), ("(((9^8)^8)^8)^8*B2", "beyond what can be"), ("IF(1=1,B2,C2)", "compares constants"),
        ("IF(1,B2,C2)", "by a constant"), ('"3"+B2', "a text"), ("H8+B2", "a text"), ("H8*1", "a text"), ("XFE1", "no cell"),
    ],
)  # fmt: skip
def test_what_cannot_be_verified_is_refused(formula: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        value_of("=" + formula, HOME, ground(), Trace())
    assert why in str(refused.value)


@pytest.mark.parametrize(("kind", "last"), [("array", (1, 8)), ("dynamic", (3, 8)), ("dataTable", (2, 9)), ("pivot", (1, 8))])
def test_a_helper_cell_that_another_formula_fills_means_nothing(kind: str, last: tuple[int, int]) -> None:
    """Programs show what fills it, whatever formula stands there."""
    sheet = ground().book.sheets["Net"]
    sheet.regions.append(Region(kind, (1, 7), (1, 7), last))
    world = Ground(Book(b"", {"Net": sheet}, {}, {}), frozenset())
    with pytest.raises(Refused, match="H1 is filled by an array formula or a table"):
        value_of("=H1+0", HOME, world, Trace())
    assert value_of("=H6+0", HOME, world, Trace())


def test_helper_cells_that_lead_on_and_on_are_refused() -> None:
    world = ground()
    for row in range(1, 20):
        world.book.sheets["Net"].formulas[row, 20] = Formula(f"T{row + 1}+T{row + 1}", (row, 20))
    with pytest.raises(Refused, match="too many helper cells"):
        value_of("=T1", HOME, world, Trace())


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("(B2+C2)", "B2+C2"), ("C2+B2", "B2+C2"), ("SUM(B2:C2)", "B2+C2"), ("SUM(corner)", "SUM(B2:C3)"), ("H1", "B2+C2"),
        ("2*(B2+C2)-B2-C2", "B2+C2"), ("B2+C2+H5-2*H1", "B2+C2"), ("- - B2", "B2"), ("B2--C2", "B2+C2"), ("(B2+C2)*50%*2", "B2+C2"),
        ("B2*D2+C2*E2", "SUMPRODUCT(B2:C2,D2:E2)"), ("SUMPRODUCT(B2:C2*D2:E2)", "SUMPRODUCT(B2:C2,D2:E2)"),
        ("SUMPRODUCT(D2:E2,B2:C2)", "SUMPRODUCT(B2:C2,D2:E2)"), ("B2^2+C2^2", "SUMSQ(B2:C2)"), ("POWER(B2,2)", "B2*B2"),
        ("PRODUCT(B2:C2)", "B2*C2"), ("SUM(B2:C3)/4", "AVERAGE(B2:C3)"), ("AVERAGE(B2:C2)*2", "B2+C2"), ("N(B2)+C2", "B2+C2"),
        ("B2/3*3", "B2"), ("0.1*B2*10", "B2"), ("B2*1E-3*1000", "B2"), ("(-B2)^2", "B2^2"), ("-B2^2", "B2*B2"),
        ("SUM(G2:H2)", "G2+3.1"), ("B2+H2-3.1", "B2"), ("SUMPRODUCT(C2:B2,$E$2:D2)", "SUMPRODUCT(B2:C2,D2:E2)"),
    ],
)  # fmt: skip
def test_sums_of_products_are_proven(found: str, expected: str) -> None:
    assert judged(found, expected) == "proven"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("C2/D2*B2", "B2*C2/D2"), ("B2*(C2/D2)", "B2*C2/D2"), ("B2*C2*D2^-1", "B2*C2/D2"), ("B2/(2*D2)*2", "B2/D2"),
        ("(B2/D2+B2/D2)/2", "B2/D2"), ("(B2+C2)/SUM(D2:G2)", "B2/SUM(D2:G2)+C2/SUM(D2:G2)"), ("EXP(B2+0)", "EXP(B2)"),
        ("EXP(C2+B2)/SUM(D2:G2)", "EXP(B2+C2)/(D2+E2+F2+G2)"), ("(1/(1+EXP(-B2))+1/(1+EXP(-B2)))/2", "1/(1+EXP(-B2))"),
        ("1/(EXP(-B2)+1)", "1/(1+EXP(-B2))"), ("EXP(-B2)^0.5", "EXP(-B2)^0.5"),
    ],
)  # fmt: skip
def test_quotients_and_powers_are_proven(found: str, expected: str) -> None:
    assert judged(found, expected) == "proven"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("IF(B2>0,B2,0)", "MAX(0,B2)"), ("IF(0<B2,B2,0)", "MAX(0,B2)"), ("IF(B2>=0,B2,0)", "MAX(0,B2)"),
        ("IF(B2<=0,0,B2)", "MAX(0,B2)"),
        ("IF(NOT(B2<0),B2,0)", "MAX(0,B2)"), ("(B2+ABS(B2))/2", "MAX(0,B2)"), ("MAX(0,2*B2)/2", "MAX(0,B2)"),
        ("-MIN(0,-B2)", "MAX(0,B2)"),
        ("B2-MIN(0,B2)", "MAX(0,B2)"), ("MAX(B2,-B2)", "ABS(B2)"), ("MAX(B2:F2,B3:F6)", "MAX(B2:F6)"),
        ("-MIN(-B2,-C2)", "MAX(B2,C2)"),
        ("IF(B2>C2,B2,C2)", "MAX(B2:C2)"), ("MAX(MAX(B2,C2),MAX(B3,C3))", "MAX(B2:C3)"), ("MAX(corner,B2)", "MAX(B2:C3)"),
        ("MAX(IF(B2>C2,B2,C2),B3,C3)", "MAX(B2:C3)"), ("MAX(MAX(B2:G9),-MIN(B2:G9))", "MAX(MAX(B2:G9),-1*MIN(B2:G9))"),
        ("MAX(0,B2+C2-C2)", "MAX(0,B2)+0*C2"), ("B2-MAX(C3,B2:C2,B3)", "B2-MAX(B2:C3)"), ("IF(B2+C2>0,C2+B2,0)", "MAX(0,B2+C2)"),
        ("IF(1=B2,C2,D2)", "IF(B2=1,C2,D2)"), ("IF(D2<B2,C2+C2,0)", "IF(B2>D2,2*C2,0)"), ("IF(B2>0,B2,C2)", "IF(0<B2,B2,C2)"),
        ("IFERROR(MAX(1,MIN(5,INT((B2)))),1)", "IFERROR(MAX(1,MIN(5,INT(B2))),1)"),
        ("INDEX($B$2:$C$3,D2,E2)", "INDEX(B2:C3,D2,E2)"),
        ("AND(C2=D2,B2>1)", "AND(B2>1,C2=D2)"), ('"a"&(B2)', '"a"&B2'), ("CHOOSE(B2,(C2),D2)", "CHOOSE(B2,C2,D2)"),
        ("MAX(J2:K2,J3:K3)", "MAX(J2:K3)"), ("J2+0", "J2"), ("IF(J2>0,1,0)", "IF(0<J2,1,0)"),
        ("INDEX(L2:L4,MATCH(MAX(B2:C2),B2:C2,0))", "(INDEX(L2:L4,MATCH(MAX(C2,B2),B2:C2,0)))"),
    ],
)  # fmt: skip
def test_what_has_pieces_is_proven(found: str, expected: str) -> None:
    assert judged(found, expected) == "proven"


def test_equal_keys_are_equal_fractions() -> None:
    a = hashed("anything")
    assert ratio(a * 3 % PRIME, a * 7 % PRIME) == ratio(3, 7)
    assert str(ratio(PRIME - 3, 7)) == "-3/7"
    assert ratio(a, hashed("something else")) is None
    assert ratio(a, 0) is None
