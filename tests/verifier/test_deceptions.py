"""Formulas made to deceive: each is right for most numbers, or reads as if it were, and none of them may be called proven."""

from __future__ import annotations

import pytest

from tests.verifier.test_proof import judged

RELU, SUM_, POOL, SHARE, SIGMOID = "MAX(0,B2)", "SUMPRODUCT(B2:C3,D2:E3)+F2", "MAX(B2:F6)", "B2/SUM(B2:B6)", "1/(1+EXP(-B2))"

#: What is wrong → our formula, and formulas that may not pass for it.
DECEPTIONS: dict[str, tuple[str, list[str]]] = {
    "a cell left out of a window": (POOL, [
        "MAX(B2:F5,B6:E6)", "MAX(B2:F5,B6:E6)+0*F6", "MAX(B2:F5,B6:E6,F6*0)", "MAX(B2:F5,B6:E6,MIN(F6,B2))", "MAX(B2:E6,F2:F5,-F6)",
        "MAX(B2:F5,B6:E6,F6-1E-7)", "MAX(B2:F5,B6:E6,F6*0.999999)", "MAX(B2:F6)*(F6<50)", "MAX(B2:F6)-MAX(0,F6-1000)",
        "LARGE(B2:F6,1)",
        "MAX(B2:F5,B6:E6,IF(F6>5,0,F6))", "MAX(B2:F6,1E-9)", "MAX(B2:F6,-1E9)", "MIN(1E6,MAX(B2:F6))", "SUM(B2:F6)-SUM(B2:F6)+B2",
        "MAX(B2:D4,E2:F4,B5:C6,D5:F5,D6:E6,F6/2)",
    ]),
    "another number above or below": (RELU, [
        "MAX(0,MIN(3.1,B2))", "IF(B2=1,7,MAX(0,B2))", "IF(B2=2.345,7,MAX(0,B2))", "IF(B2>90000,7,MAX(0,B2))", "MIN(1E6,MAX(0,B2))",
        "IF(AND(B2>2.1,B2<2.2),7,MAX(0,B2))", "MAX(1E-12,B2)", "MAX(-1E-12,B2)", "IF(B2>1E-7,B2,0)", "IF(B2>0,B2,-1E-12)",
        "MEDIAN(0,B2,1E9)", "IF(B2>0,B2,B2*0.0000001)", "MAX(0,B2)+1E-300/1E-300-1+1E-20", "MAX(0,B2)*(1-1E-14)",
        "IF(B2>=1,B2,MAX(0,B2))-0",
    ]),
    "blank, text and kind": (RELU, [
        "IF(ISBLANK(B2),9,MAX(0,B2))", 'IF(B2="",9,MAX(0,B2))', "IF(ISNUMBER(B2),MAX(0,B2),9)", "MAX(0,VALUE(B2))",
        "MAX(0,B2&\"\")",
        'MAX(0,"3"+0,B2)', "IF(COUNT(B2)=0,9,MAX(0,B2))", "IF(ISTEXT(B2),9,MAX(0,B2))", "IF(TYPE(B2)=1,MAX(0,B2),9)", "N(B2&\"1\")",
        'IF(LEN(B2)>9,9,MAX(0,B2))', 'IF(LEFT(B2,1)="7",9,MAX(0,B2))', "T(B2)", 'IF(TEXT(B2,"0")="7",9,MAX(0,B2))', "MAX(0,H8,B2)",
    ]),
    "another place": (RELU, [
        "IF(Other!A1=5,9,MAX(0,B2))", "MAX(0,B2)+0*far", "MAX(0,B2)+0*I9", "MAX(0,B2)+0*G2", "MAX(0,B2+I9-4)", "[1]Net!B2",
        "MAX(0,near)",
        "MAX(0,'C:\\[x.xlsx]Net'!B2)", "MAX(0,B2)+0*H1", "MAX(0,B2)+H7", "MAX(0,B2)+0*ROW()", "MAX(0,B2)+0*CELL(\"row\")",
        "MAX(0,twice)",
        "MAX(0,B3)", "MAX(0,B2)+0*SUM(A1:A9)", "MAX(0,B2)+0*SHEET()", "MAX(0,B2)*COLUMN(B2)/2", "MAX(0,B2)+0*H3",
    ]),
    "look-ups": (RELU, [
        "MAX(0,OFFSET(B2,0,0))", 'MAX(0,INDIRECT("B2"))', "MAX(0,INDEX(B2,1,1))", "CHOOSE(1+(B2>0),0,B2)", "CHOOSE(1,MAX(0,B2),9)",
        "LOOKUP(B2,B2)*(B2>0)", "VLOOKUP(B2,B2:B2,1)", "SUMIF(B2,\">0\")", "SUMIFS(B2,B2,\">0\")", "AGGREGATE(4,6,B2)",
        "SUBTOTAL(4,B2)",
        "MATCH(B2,B2,0)*MAX(0,B2)", "INDEX(B2:B2,1)", "XLOOKUP(B2,B2,B2)", "SWITCH(B2,1,9,MAX(0,B2))", "IFS(B2>0,B2,TRUE,0)",
    ]),
    "comparisons as numbers": (RELU, [
        "B2*(B2>0)", "--(B2>0)*B2", "SUMPRODUCT(--(B2:B2>0),B2:B2)", "SUMPRODUCT((B2>0)*B2)", "MAX(0,B2)+(B2=1)",
        "MAX(0,B2)*NOT(B2=1)",
        "MAX(0,B2)-(B2>3.1)*(B2-3.1)", "MAX(0,B2)+AND(B2>2,B2<2.1)", "MAX(0,B2)+OR(B2=1,B2=2)", "SIGN(B2)*MAX(0,B2)",
        "MAX(0,B2)^(B2>0)",
        "MAX(0,B2)/(B2<>1)", "IF(B2,MAX(0,B2),0)", "MAX(0,B2)+XOR(B2>1,B2>2)", "MAX(0,B2)+0*(B2>7)",
    ]),
    "rounding to steps": (RELU, [
        "ROUND(MAX(0,B2),9)", "INT(MAX(0,B2)*1E9)/1E9", "TRUNC(MAX(0,B2),12)", "MOD(MAX(0,B2),1E6)", "MROUND(MAX(0,B2),1E-9)",
        "FLOOR(MAX(0,B2),1E-9)", "CEILING(MAX(0,B2),1E-9)", "MAX(0,B2)-MOD(B2,1E-9)", "QUOTIENT(MAX(0,B2),1E-9)*1E-9",
        "FIXED(MAX(0,B2),9)",
        "EVEN(MAX(0,B2))", "ROUNDUP(MAX(0,B2),12)", "MAX(0,B2)+INT(B2/1E6)", "MAX(0,B2)+0*ODD(B2)", "DOLLAR(MAX(0,B2),9)",
    ]),
    "floating point": (RELU, [
        "MAX(0,B2)+1E16-1E16", "MAX(0,B2)*1E300/1E300", "MAX(0,B2)*1E-320*1E308*1E12", "IF(0.1+0.2=0.3,MAX(0,B2),9)",
        "IF(B2*3/3=B2,MAX(0,B2),9)", "MAX(0,B2)+(0.1+0.2-0.3)*1E17", "MAX(0,B2)+(0.1+0.2-0.3)/1E-17", "IF(B2/3*3>=B2,MAX(0,B2),9)",
        "MAX(0,B2)+B2^8-B2^8", "(MAX(0,B2)^8)^0.125", "MAX(0,B2)+(B2+1E15)-B2-1E15", "MAX(0,B2)+INT(0.1*3*10-3+1)-1",
        "SQRT(B2^2)/2+B2/2",
        "EXP(LN(MAX(0,B2)))", "MAX(0,B2)*1E-300*1E-20*1E300*1E20", "MAX(0,B2)/(0.1+0.2-0.3+1E-17)*1E-17", "MAX(0,B2)+1E9-1E9",
        "IF(MAX(0,B2)+1E-16=MAX(0,B2),MAX(0,B2),9)", "MAX(0,B2)+B2*B2*B2-B2^3", "SUM(MAX(0,B2),1E17,-1E17)",
        "IF(1E-9*B2+1000>1000,B2,0)", "IF(B2*1E-12>0,B2,0)",
    ]),
    "spikes": (SUM_, [
        f"{SUM_}+1E-30/(B2-0.5)", f"{SUM_}+EXP(-1E9*(B2-0.5)^2)", f"{SUM_}+0/(B2-0.5)", f"{SUM_}*B2/B2", f"{SUM_}+0*LN(B2)",
        f"{SUM_}+0*SQRT(B2)", f"{SUM_}+0^ABS(B2-1)", f"{SUM_}+B2^0-1", f"{SUM_}+0*(B2-1)^-1", f"{SUM_}+0*EXP(B2)",
        f"{SUM_}+1/EXP(B2^2*1E9)",
        f"({SUM_})^1.0000000001", f"{SUM_}+0*C2^0.5", f"{SUM_}+0*ATAN2(B2,C2)", f"{SUM_}+TANH(1E9*B2)^1E9", f"{SUM_}+0*PI()",
        f"{SUM_}+1E-9*B2*C2", f"{SUM_}+0*FACT(B2)", f"{SUM_}*(1+1E-12*(B2-C2))",
    ]),
    "sums with pieces": (SUM_, [
        f"IF(SUM(B2:C3)>2.9,9,{SUM_})", f"MIN(3.1,{SUM_})", f"MAX(-9,{SUM_})", f"IF({SUM_}>1E6,9,{SUM_})", f"IFERROR({SUM_},0)",
        f"{SUM_}+(B2=C2)", f"IF(B2=C2,9,{SUM_})", f"ABS({SUM_})", f"IF(MAX(B2:C3)>7,9,{SUM_})", f"{SUM_}+MAX(0,B2-9)",
        "SUMPRODUCT(--(B2:C3>1E-3),B2:C3,D2:E3)+F2", "SUMPRODUCT(B2:C3,E2:D3)+F2+0*A1", "SUMPRODUCT(B2:C3,C2:D3)+F2",
        "SUMPRODUCT(B2:C2,D2:E2)+SUMPRODUCT(B3:C3,D3:D3)+F2", "SUM(B2:C3*D2:E3)+F2", "MMULT(B2:C3,D2:E3)+F2", f"{SUM_}+0*(B2>1)",
        f"CHOOSE(1+(B2>9),{SUM_},9)", f"IF(SUM(B2:C3),{SUM_},9)",
    ]),
    "ranges": (SUM_, [
        "SUMPRODUCT(B2:C3 B2:C3,D2:E3)+F2", "SUMPRODUCT((B2:C2,B3:C3),D2:E3)+F2", "SUMPRODUCT(B:C,D:E)+F2", "SUMPRODUCT(2:3)+F2",
        "SUMPRODUCT(B2:INDEX(B2:C3,2,2),D2:E3)+F2", "SUMPRODUCT(corner*{1,1;1,1},D2:E3)+F2", "SUMPRODUCT(@B2:C3,D2:E3)+F2",
        "SUMPRODUCT(Net:Other!B2:C3,D2:E3)+F2", "SUMPRODUCT(B2#,D2:E3)+F2", "SUMPRODUCT(TRANSPOSE(B2:C3),D2:E3)+F2",
        "B2:C3*D2:E3+F2",
        "SUMPRODUCT(B2:C3,D2:E3,B2:C3)+F2", "SUMPRODUCT(B2:C3,D2:E3)+F2:G2", "SUMPRODUCT(B2:C3,D2:E3)F2",
        "SUMPRODUCT(odd,D2:E3)+F2",
    ]),
    "shares": (SHARE, [
        "B2/SUM(B3:B6,B2,0*C2)", "B2/(SUM(B2:B6)+1E-9)", "B2/MAX(1E-9,SUM(B2:B6))", "IFERROR(B2/SUM(B2:B6),0)", "B2/SUM(B2:B5)",
        "(B2+1E-9)/SUM(B2:B6)", "B2*B2/SUM(B2:B6)/B2", "B2^2/(SUM(B2:B6)*B2)", "1/(SUM(B2:B6)/B2)", "MIN(1,B2/SUM(B2:B6))",
        "IF(SUM(B2:B6)=0,0,B2/SUM(B2:B6))", "B2/AVERAGE(B2:B6)", "EXP(LN(B2)-LN(SUM(B2:B6)))", "B2/SUBTOTAL(9,B2:B6)",
        "B2/(SUM(B2:B6)+1E4-1E4)", "LN(EXP(B2))/SUM(B2:B6)",
        "1-SUM(B3:B6)/B2",
    ]),
    "exponentials": (SIGMOID, [
        "EXP(B2)/(1+EXP(B2))", "1/(1+EXP(-MIN(B2,9)))", "1/(1+2.718281828459045^-B2)", "1/(1+EXP(-B2*1.0000001))",
        "0.5*(1+TANH(B2/2))",
        "1/(1+EXP(-B2))+0*EXP(9*B2)", "1/(1+EXP(-B2))+EXP(-B2)^8-EXP(-B2)^8", "1/(1+POWER(EXP(1),-B2))", "1/(1+EXP(-B2)+1E-12)",
        "1-1/(1+EXP(B2))", "1/(1+EXP(-ABS(B2)))", "1/(1+1/EXP(B2))", "IF(B2>30,1,1/(1+EXP(-B2)))", "1/(1+EXP(-B2)^1)*(B2<99)",
        "1/(1+EXP(0-B2-1E-7))",
    ]),
    "what IF guards": ("IF(B2=1,C2/D2,0)", [
        "IF(B2=1,C2/D2,0)+0*(C2/D2)", "(B2=1)*C2/D2", "IF(B2=1,C2/D2,0*C2/D2)", "IF(B2=1,C2/D2,0)+C2/D2-C2/D2",
        "IF(1.0*B2+C2-C2=1,C2/D2,0)",
        "IF(B2<>1,C2/D2,0)", "IF(B2=1,D2/C2,0)", "IFERROR(IF(B2=1,C2/D2,0),0)", "IF(B2>=1,C2/D2,0)", "IF(B2=1,C2/D2)",
        "IF(B2=1.0000001,C2/D2,0)",
        "IF(OR(B2=1,B2=7),C2/D2,0)", "IF(B2=1,C2/D2,0*D2)+0*LN(C2)", "IF(B2*3/3=1,C2/D2,0)",
    ]),
    "blanks among pixels": ("MAX(J2:K3)", [
        "MAX(J2:K2,J3+0,K3)", "-MIN(-J2,-K2,-J3,-K3)", "MAX(J2,K2,J3,--K3)", "IF(J2>K2,MAX(J2,J3:K3),MAX(K2,J3:K3))",
        "MAX(J2:K2,N(J3),N(K3))",
        "LARGE(J2:K3,1)", "MAXA(J2:K3)", "MAX(0,J2:K3)", "MAX(J2:K3*1)", "AVERAGE(J2:K3)", "MAX(J2:K3)*COUNT(J2:K3)/4",
    ]),
    "words": ("INDEX(L2:L4,B2)", [
        "INDEX(L2:L4,B2)+0", "INDEX(L2:L4,B2)*1", "--INDEX(L2:L4,B2)", 'INDEX(L2:L4,B2)&""', "INDEX(L2:L4,B2+0.4)",
        "INDEX(L2:L4,INT(B2))",
        "CHOOSE(B2,L2,L3,L4)", "LOOKUP(B2,L2:L4)", "INDEX(L2:L4,B2,1)", "INDEX(L2:L4,MIN(3,B2))",
        'IF(B2=2,"eight",INDEX(L2:L4,B2))',
        "PROPER(INDEX(L2:L4,B2))", "T(INDEX(L2:L4,B2))", "VALUE(INDEX(L2:L4,B2))",
    ]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "found"),
    [pytest.param(ours, found, id=f"{what}-{found}") for what, (ours, all_) in DECEPTIONS.items() for found in all_],
)
def test_no_deception_is_proven(ours: str, found: str) -> None:
    assert judged(f"({ours})", ours) == "proven"
    assert judged(found, ours) != "proven"


@pytest.mark.parametrize(("what", "most"), [(what, all_) for what, (_, all_) in DECEPTIONS.items()], ids=list(DECEPTIONS))
def test_there_are_ten_of_each_kind(what: str, most: list[str]) -> None:
    assert len(set(most)) >= 10


@pytest.mark.parametrize("size", [5, 6, 7, 8])
@pytest.mark.parametrize("way", ["MAX({})", "MIN({})"])
def test_no_cell_of_a_large_window_can_be_left_out(size: int, way: str) -> None:
    cells = [f"{chr(65 + col)}{row}" for row in range(20, 20 + size) for col in range(size)]
    ours = way.format(f"A20:{cells[-1]}")
    assert judged(way.format(",".join(reversed(cells))), ours) == "proven"
    for k, cell in enumerate(cells):
        rest = ",".join(cells[:k] + cells[k + 1 :])
        assert judged(way.format(rest), ours) == f"formula: it does not read {cell}"
        assert judged(way.format(rest) + f"+0*{cell}", ours).startswith("unproven: it could not be shown")


@pytest.mark.parametrize(
    ("found", "expected", "said"),
    [
        ("B2+C2+0*D2", "B2+C2", "formula: it also reads D2, which it may not"), ("B2", "B2+C2", "formula: it does not read C2"),
        ("ISBLANK(B2)+B2", "B2", "unproven: ISBLANK has no place in it, or not with these arguments; write the formula that is"),
        ("B2+(B2=1)", "B2", "unproven: a comparison has no place in it"),
        ('IF(B2="x",B2,0)', "B2", 'unproven: the text "x" has no place'),
        ("B2/C2+C2-C2", "B2+C2", "unproven: it divides by something else than the formula that is expected"),
        ("B2+1E16-1E16", "B2", "unproven: its numbers are so large or so small that rounding may change the result"),
        ("B2*2", "B2", "unproven: it could not be shown to be the same"),
        ("MIN(0,B2)", "MAX(0,B2)", "unproven: it could not be shown to be"),
        ("INDEX(L2:L4,B2)+0", "INDEX(L2:L4,B2)", "unproven: it computes with what may be a word"),
        ("B2", "SUM({1,2})", "unproven: only as xlcnn writes it can it be verified"),
        ("B2+[1]A!B2", "B2", "unproven: it reads another w"),
    ],
)  # fmt: skip
def test_what_is_said(found: str, expected: str, said: str) -> None:
    assert judged(found, expected).startswith(said)
