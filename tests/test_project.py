"""What people find beside the code says what the code says."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import xlcnn
from xlcnn.version import VERSION

ROOT = Path(__file__).parent.parent
PACKAGE = Path(xlcnn.__file__).parent  # beside the tests, or installed
yaml = pytest.importorskip("yaml")
FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PYTHON = "Programming Language :: Python :: "


def test_there_are_forms_and_workflows() -> None:
    assert {path.stem for path in FORMS} == {"bug", "network", "picture", "workbook"}
    assert {path.stem for path in WORKFLOWS} == {"release", "tests"}
    assert "CHANGELOG.md" in (ROOT / ".github" / "pull_request_template.md").read_text(encoding="utf-8")


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
        assert ((PACKAGE.parent if path.startswith("xlcnn/") else ROOT) / path).exists(), path
    targets = re.findall(r"make (\w+)", text)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"fast", "test", "check", "bench"} <= set(targets)
    assert all(f"\n{target}:" in makefile for target in targets if target != "BOOK"), targets


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.stem))
def test_workflows_may_do_little_and_use_actions_of_a_version(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["name"]
    assert workflow[True]  # YAML 1.1 reads `on` so
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert set(job.get("needs", "").split()) <= workflow["jobs"].keys()
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step), name
            assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+(\.\d+)*", step.get("uses", "a/b@v1")), step
            assert "${{" not in step.get("run", ""), "what somebody has named is no part of a script"


def test_what_is_published_was_built_once_and_no_password_is_kept() -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    publish = jobs["publish"]
    assert publish["needs"] == "build"
    assert publish["environment"]
    assert publish["permissions"] == {"id-token": "write"}
    assert [step["uses"].partition("@")[0] for step in publish["steps"]] == [
        "actions/download-artifact",
        "pypa/gh-action-pypi-publish",
    ]
    assert "secrets." not in text
    assert "password" not in text
    assert sum("-m build" in step.get("run", "") for job in jobs.values() for step in job["steps"]) == 1
    kept = [step["with"] for step in jobs["build"]["steps"] if step.get("uses", "").startswith("actions/upload-artifact@")]
    assert [part["name"] for part in kept] == [publish["steps"][0]["with"]["name"]]


def test_every_python_that_is_named_is_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = [words.removeprefix(PYTHON) for words in project["classifiers"] if words.startswith(PYTHON + "3.")]
    matrix = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8"))["jobs"]["pythons"]
    assert said == matrix["strategy"]["matrix"]["python"]
    assert project["requires-python"] == f">={said[0]}"


def tag_checked(tag: str, folder: Path, version: str, citation: str, changelog: str) -> str:
    """What the check says of a tag, in a folder with these files; its exit code is 2 where that is an error."""
    (folder / "xlcnn").mkdir()
    (folder / "xlcnn" / "version.py").write_text(version, encoding="utf-8")
    (folder / "CITATION.cff").write_text(f"cff-version: 1.2.0\nversion: {citation}\n", encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n{changelog}", encoding="utf-8")
    done = subprocess.run([sys.executable, str(ROOT / ".ci" / "check-tag"), tag, str(folder)], capture_output=True, text=True)
    assert done.returncode == (2 if done.stderr else 0), done.stderr
    return done.stdout + done.stderr


def test_a_tag_of_this_version_may_be_released_and_no_other(tmp_path: Path) -> None:
    version, changelog = (PACKAGE / "version.py").read_text(encoding="utf-8"), f"## {VERSION} — 2026-12-01\n"
    for tag in (f"v{VERSION}", "v99.0"):
        (tmp_path / tag).mkdir()
    assert tag_checked(f"v{VERSION}", tmp_path / f"v{VERSION}", version, VERSION, changelog) == f"v{VERSION} may be released\n"
    said = tag_checked("v99.0", tmp_path / "v99.0", version, VERSION, changelog)
    assert said == f"Error: the tag is v99.0, but xlcnn/version.py says {VERSION}: tag v{VERSION}, or change the version\n"


UNDATED = "Error: CHANGELOG.md has no heading '## 1.2.3 — ' with the day of the release"


@pytest.mark.parametrize(
    ("changelog", "citation", "said"),
    [
        ("## 1.2.3 — 2026-12-01\n\n- New\n\n## 1.2.2 — 2026-01-01\n", "1.2.3", "v1.2.3 may be released"),
        ("## 1.2.3 — 2026-12-01\n", "1.2.2", "Error: CITATION.cff does not say version 1.2.3"),
        ("## 1.2.2 — 2026-12-01\n", "1.2.3", UNDATED),
        ("## 1.2.3 — unreleased\n", "1.2.3", UNDATED),
        ("## 1x2.3 — 2026-12-01\n", "1.2.3", UNDATED),
        (
            "## Unreleased\n\n## 1.2.3 — 2026-12-01\n",
            "1.2.3",
            "Error: CHANGELOG.md still has a heading 'Unreleased': what stands there belongs to 1.2.3",
        ),
    ],
)
def test_a_release_has_a_day_in_the_changelog_and_one_version_everywhere(
    tmp_path: Path, changelog: str, citation: str, said: str
) -> None:
    assert tag_checked("v1.2.3", tmp_path, '"""The version."""\n\nVERSION = "1.2.3"\n', citation, changelog) == f"{said}\n"
