"""What came of one workbook or several: the object that ``--json`` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlcnn.errors import XlcnnError, printable
from xlcnn.verifier.report import SCHEMA, Report


@dataclass(frozen=True)
class Outcome:
    """A workbook's reports, one an engine; or the `error` for which there are none: it could not be read, or computed."""

    workbook: Path
    reports: tuple[Report, ...] = ()
    error: str = ""
    failure: XlcnnError | None = field(default=None, repr=False, compare=False)  # whose sentence the error is

    @property
    def ok(self) -> bool:
        return not self.error and all(report.ok for report in self.reports)

    @property
    def name(self) -> str:
        return printable(self.workbook)

    def as_dict(self, several: bool) -> dict[str, Any]:
        """As it stands in a list of workbooks; `several` engines were asked for, however many are on this machine."""
        if self.error:
            return {"ok": False, "error": self.error}
        if several:
            return {"ok": self.ok, "engines": [plain(report) for report in self.reports]}
        return plain(self.reports[0])


def plain(report: Report) -> dict[str, Any]:
    """A report inside of something that says by itself which schema it keeps."""
    data = report.as_dict()
    del data["schema"]
    return data


def document(outcomes: Sequence[Outcome], several: bool, listed: bool = False) -> dict[str, Any]:
    """The object for one workbook, or with a list of them, as ``report.schema.json`` beside this file says.

    Who names several has them `listed`, however many come of it: one, where the first failure ends it all.
    """
    if len(outcomes) == 1 and not listed:
        return {"schema": SCHEMA, **outcomes[0].as_dict(several)}
    books = [{"workbook": outcome.name, **outcome.as_dict(several)} for outcome in outcomes]
    return {"schema": SCHEMA, "ok": all(outcome.ok for outcome in outcomes), "workbooks": books}
