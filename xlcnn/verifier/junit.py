"""The report as JUnit XML, which build servers read: a suite for each workbook, a case for each sheet and one for the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from xlcnn.errors import printable
from xlcnn.verifier.outcomes import Outcome
from xlcnn.verifier.report import Problem, Report, verdict_line

WHOLE = "the whole workbook"
SHOWN = 200  # problems in the text of a case


def junit_report(outcomes: Sequence[Outcome]) -> bytes:
    """The document, in UTF-8. Whatever a workbook's words hold, only letters that can be seen are in it."""
    root = Element("testsuites", name="xlcnn verify")
    for outcome in outcomes:
        root.append(suite(outcome))
    count(root, root.findall("testsuite/testcase"))
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def suite(outcome: Outcome) -> Element:
    """A workbook's cases: those of each engine one after the other."""
    found = Element("testsuite", name=outcome.name)
    if outcome.error:
        case = SubElement(found, "testcase", name=WHOLE, classname=outcome.name)
        SubElement(case, "error", message=printable(outcome.error), type="error")
    for report in outcome.reports:
        by = f" ({printable(report.engine)})" if len(outcome.reports) > 1 else ""
        found.extend(cases(report, outcome.name, outcome.name + by))
    count(found, found.findall("testcase"))
    return found


def count(element: Element, cases: Sequence[Element]) -> None:
    """Say of a suite how many cases it has, and what became of them."""
    element.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(case.find(tag) is not None for case in cases)))


def cases(report: Report, name: str, classname: str) -> Iterator[Element]:
    """A case for each sheet, then the whole, which fails with what is of no sheet that has a case, or with the verdict alone."""
    listed = {sheet.sheet for sheet in report.sheets}
    for sheet in report.sheets:
        case = Element("testcase", name=printable(sheet.sheet), classname=classname)
        problems = [problem for problem in report.problems if problem.sheet == sheet.sheet]
        if problems:
            failed(case, str(problems[0]), problems)
        elif not sheet.checked:
            SubElement(case, "skipped", message=sheet.verdict)
        elif not sheet.ok:
            failed(case, f"off by up to {sheet.max_abs_error:.1e}, as a sheet before it is wrong", [])
        yield case
    whole = Element("testcase", name=WHOLE, classname=classname)
    if not report.ok:
        failed(whole, verdict_line(report, name), [problem for problem in report.problems if problem.sheet not in listed])
    yield whole


def failed(case: Element, message: str, problems: Sequence[Problem]) -> None:
    kind = problems[0].kind if problems else "value"
    SubElement(case, "failure", message=printable(message), type=kind).text = "\n".join(lines(problems)) or None


def lines(problems: Sequence[Problem]) -> Iterable[str]:
    """Each problem in a line, up to as many as a person reads."""
    more = [f"… and {len(problems) - SHOWN} more; --json lists them all"] if len(problems) > SHOWN else []
    return [*map(str, problems[:SHOWN]), *more]
