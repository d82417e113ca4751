"""What people find beside the code says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xlcnn.version import VERSION

ROOT = Path(__file__).parent.parent
yaml = pytest.importorskip("yaml")
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def test_the_citation_is_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == VERSION
    assert {"cff-version", "title", "message", "authors"} <= citation.keys()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: str(form.stem))
def test_forms_for_issues_are_as_github_wants_them(form: Path) -> None:
    """A name, a description, and fields with a type, a label and, but for remarks, a name of their own."""
    data = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert data["name"]
    assert data["description"]
    names = [field["id"] for field in data["body"]]
    assert len(set(names)) == len(names) > 0
    for field in data["body"]:
        assert field["type"] in {"textarea", "input", "dropdown", "checkboxes"}
        assert field["attributes"]["label"]


def test_the_way_to_contribute_names_what_there_is() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"\]\(([^)]+)\)|`((?:xlcnn|benchmarks)/[^`]+)`", text)
    for path in {link or code for link, code in named}:
        assert (ROOT / path).exists(), path
    targets = re.findall(r"make (\w+)", text)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"fast", "test", "check", "bench"} <= set(targets)
    assert all(f"\n{target}:" in makefile for target in targets if target != "BOOK"), targets
