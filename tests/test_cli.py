"""The command line as a user meets it: in a process of its own, in a folder of their own."""

import csv
import io
import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from PIL import Image, ImageDraw

from tests.conftest import SEVEN, TABS, Damage, at, cell, tab, with_formula
from tests.digits import draw
from tests.sheets.learning.lesson import LAYOUT
from xlcnn import Template


def xlcnn(*arguments: str, cwd: Path, stdin: bytes = b"", env: dict[str, str] | None = None) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "xlcnn", *arguments]
    done = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, check=False, env={**os.environ, **(env or {})})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_make_says_the_digit_and_writes_into_outputs(tmp_path: Path) -> None:
    code, out, err = xlcnn("make", str(SEVEN), cwd=tmp_path)
    assert (code, err) == (0, "")
    first, second = out.splitlines()
    assert first.startswith("7, ")
    assert first.endswith(" %")
    assert second == "wrote outputs/seven.xlsx"
    assert (tmp_path / "outputs" / "seven.xlsx").is_file()


def test_make_again_needs_force(tmp_path: Path) -> None:
    arguments = ["make", str(SEVEN), "--output", "a.xlsx"]
    assert xlcnn(*arguments, cwd=tmp_path)[0] == 0
    before = (tmp_path / "a.xlsx").read_bytes()
    code, out, err = xlcnn(*arguments, cwd=tmp_path)
    assert (code, out) == (2, "")
    assert err == "Error: a.xlsx exists already; give --force to replace it, or another name\n"
    assert (tmp_path / "a.xlsx").read_bytes() == before
    assert xlcnn(*arguments, "--force", cwd=tmp_path)[0] == 0


def test_make_from_standard_input(tmp_path: Path) -> None:
    code, out, _ = xlcnn("make", "-", "-o", "x.xlsx", cwd=tmp_path, stdin=SEVEN.read_bytes())
    assert code == 0
    assert out.startswith("7, ")
    assert xlcnn("verify", "x.xlsx", "--image", str(SEVEN), cwd=tmp_path)[0] == 0


def test_parts_are_added_and_left_out(template: Template, tmp_path: Path) -> None:
    arguments = ["--with", "learning", "--without", "exhibits", "--without", "galleries"]
    assert xlcnn("make", str(SEVEN), "-o", "x.xlsx", *arguments, cwd=tmp_path)[0] == 0
    plan = template.plan_with(["learning"], ["exhibits", "galleries"])
    assert set(openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames) == {sheet.title for sheet in plan.sheets.values()}


@pytest.mark.parametrize(
    "arguments", [("--with", "teaching"), ("--with", "learning", "--without", "learning"), ("--truth", "10"), ("--truth", "-1")]
)
def test_parts_that_cannot_be_are_refused_in_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, out, err = xlcnn("make", str(SEVEN), "-o", "x.xlsx", *arguments, cwd=tmp_path)
    assert (code, out) == (2, "")
    assert "Error: " in err.splitlines()[-1]
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize(("arguments", "truth"), [(("--sample", "11"), 9), ((str(SEVEN), "--truth", "4"), 4)])
def test_the_sheet_loss_begins_with_the_digit_that_the_image_really_shows(
    tmp_path: Path, arguments: tuple[str, ...], truth: int
) -> None:
    assert xlcnn("make", *arguments, "-o", "x.xlsx", "--with", "learning", cwd=tmp_path)[0] == 0
    loss = LAYOUT["loss"]
    page = openpyxl.load_workbook(tmp_path / "x.xlsx")[loss.title]
    assert page.cell(*loss.references.locate("truth")).value == truth


def test_verify_as_text_and_as_json(seven: Path, tmp_path: Path) -> None:
    code, out, _ = xlcnn("verify", str(seven), cwd=tmp_path)
    assert code == 0
    assert out.splitlines()[-1].startswith("verified: ")
    code, out, _ = xlcnn("verify", str(seven), "--json", "--trials", "1", cwd=tmp_path)
    assert code == 0
    report = json.loads(out)
    assert set(report) == {"schema", "ok", "engine", "engine_version", "trials", "prediction", "sheets", "problems"}
    assert (report["ok"], report["engine"], report["trials"], report["problems"]) == (True, "formualizer", 1, [])
    assert set(report["prediction"]) == {"label", "probability"}
    keys = {"sheet", "cells", "formulas", "max_abs_error", "ok", "as_written", "proven", "tried", "checked"}
    assert all(set(s) == keys and s["as_written"] == s["formulas"] for s in report["sheets"])


def test_verify_exits_with_1_and_names_the_cell(damage: Damage, tmp_path: Path) -> None:
    weight = ("conv2", "weight", (0, 1, 2, 0))
    path = damage(*weight, lambda _: f'<c r="{cell(*weight)}"/>')
    code, out, _ = xlcnn("verify", str(path), "--json", cwd=tmp_path)
    assert code == 1
    (problem,) = json.loads(out)["problems"]
    assert problem == {"kind": "missing", "sheet": "Conv2", "cell": cell(*weight), "expected": "a number", "found": None}
    code, out, _ = xlcnn("verify", str(path), cwd=tmp_path)
    assert code == 1
    assert "!".join(at(*weight)) in out
    assert out.splitlines()[-1].startswith("NOT verified")


@pytest.mark.parametrize("name", ["text.png", "missing.png", "folder"])
def test_rubbish_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.png").write_text("rubbish", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    for command in (["make", name], ["verify", name], ["predict", name]):
        code, out, err = xlcnn(*command, cwd=tmp_path)
        assert (code, out) == (2, ""), command
        assert err.startswith("Error: ")
        assert err.count("\n") == 1
        assert name in err
        assert "Traceback" not in err
    assert not (tmp_path / "outputs").exists()


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    code, _, err = xlcnn("--debug", "make", "missing.png", cwd=tmp_path)
    assert code != 0
    assert "Traceback" in err


def test_predict_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    draw("3").save(tmp_path / "a.png")
    draw("5").save(tmp_path / "folder" / "b.jpg")
    (tmp_path / "folder" / "notes.txt").write_text("not an image", encoding="utf-8")
    code, out, _ = xlcnn("predict", "a.png", "folder", "--json", cwd=tmp_path)
    assert code == 0
    rows = json.loads(out)
    assert [(r["image"], r["label"]) for r in rows] == [("a.png", 3), ("folder/b.jpg", 5)]
    keys = {"image", "label", "probability", "sure", "likeness", "second", "second_probability"}
    assert all(set(r) == keys and r["sure"] and 0.5 < r["probability"] <= 1 for r in rows)
    code, out, _ = xlcnn("predict", "a.png", cwd=tmp_path)
    assert out.split()[0] == "3"


def test_a_face_is_perhaps_no_digit(tmp_path: Path) -> None:
    """The same whoever is asked: `predict` in words, as JSON and CSV, and `make`, also from standard input."""
    face = Image.new("RGB", (300, 300), (250, 248, 240))
    canvas = ImageDraw.Draw(face)
    canvas.ellipse([50, 50, 250, 250], outline=(20, 20, 60), width=9)
    for x in (110, 190):
        canvas.ellipse([x - 9, 110, x + 9, 128], fill=(20, 20, 60))
    canvas.arc([100, 110, 200, 210], 20, 160, fill=(20, 20, 60), width=9)
    face.save(tmp_path / "face.png")
    code, out, _ = xlcnn("predict", "face.png", "--template", "lenet", cwd=tmp_path)
    words = out.removesuffix("  face.png\n")
    assert (code, words) == (0, f"perhaps no digit: {words.split()[-3]} {words.split()[-2]} %)")
    assert xlcnn("make", "face.png", "--template", "lenet", cwd=tmp_path)[1].splitlines()[0] == words
    data = (tmp_path / "face.png").read_bytes()
    assert xlcnn("make", "-", "-o", "x.xlsx", "--template", "lenet", cwd=tmp_path, stdin=data)[1].splitlines()[0] == words
    (row,) = json.loads(xlcnn("predict", "face.png", "--template", "lenet", "--json", cwd=tmp_path)[1])
    assert (row["sure"], 0 <= row["likeness"] < 0.035, row["probability"] > 0.9) == (False, True, True)
    (line,) = csv.DictReader(io.StringIO(xlcnn("predict", "face.png", "--template", "lenet", "--csv", cwd=tmp_path)[1]))
    assert (line["sure"], float(line["likeness"])) == ("False", row["likeness"])


def test_predict_goes_on_after_a_bad_picture(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    draw("3").save(tmp_path / "folder" / "a.png")
    (tmp_path / "folder" / "b.png").write_text("not an image", encoding="utf-8")
    draw("5").save(tmp_path / "folder" / "c.png")
    (tmp_path / "folder" / "=d.png").write_bytes(b"")
    code, out, err = xlcnn("predict", "folder", cwd=tmp_path)
    assert (code, err) == (1, "")
    assert [line.split()[0] for line in out.splitlines()] == ["error:", "3", "error:", "5"]
    assert "error: folder/b.png is not an image that can be read" in out
    code, out, _ = xlcnn("predict", "folder", "--json", cwd=tmp_path)
    assert (code, [row.get("label") for row in json.loads(out)]) == (1, [None, 3, None, 5])
    code, out, _ = xlcnn("predict", "folder", "--csv", cwd=tmp_path)
    assert code == 1
    table = list(csv.DictReader(io.StringIO(out)))
    assert [(row["image"], row["label"], row["sure"]) for row in table][1] == ("folder/a.png", "3", "True")
    assert table[2]["error"].startswith("folder/b.png is not an image")
    code, out, _ = xlcnn("predict", "=d.png", "a.png", "--csv", cwd=tmp_path / "folder")
    assert out.splitlines()[1].startswith("'=d.png,"), "no formula for the program that opens the table"
    code, out, err = xlcnn("predict", "folder/b.png", cwd=tmp_path)
    assert (code, out) == (2, "")
    assert err.startswith("Error: folder/b.png is not an image")
    code, out, err = xlcnn("predict", "folder/b.png", "--json", cwd=tmp_path)
    assert (code, err, list(json.loads(out)[0])) == (1, "", ["image", "error"]), "a table always has its row"
    (tmp_path / "empty").mkdir()
    code, out, _ = xlcnn("predict", "empty", "folder/a.png", cwd=tmp_path)
    assert (code, [line.split()[0] for line in out.splitlines()]) == (1, ["3", "error:"])
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "b.png").write_text("not an image", encoding="utf-8")
    assert xlcnn("predict", "one", cwd=tmp_path)[:2] == (1, "error: one/b.png is not an image that can be read ("
        "PNG, JPEG, GIF, BMP, TIFF, WebP, AVIF or HEIC)\n")  # fmt: skip


def test_several_digits(tmp_path: Path) -> None:
    row = Image.new("RGB", (480, 160), (250, 248, 240))
    for k, digit in enumerate("205"):
        row.paste(draw(digit, (160, 160), 10), (160 * k, 0))
    row.save(tmp_path / "row.png")
    for command in (["predict", "row.png"], ["make", "row.png"]):
        code, out, err = xlcnn(*command, cwd=tmp_path)
        assert (code, out) == (2, "")
        assert err == "Error: row.png shows 3 digits; cut one out, or choose one from left to right: --pick 1 to --pick 3\n"
    code, out, _ = xlcnn("predict", "row.png", "--all", cwd=tmp_path)
    assert [line.split()[0] for line in out.splitlines()] == ["2", "0", "5"]
    assert out.splitlines()[2].endswith("row.png, digit 3")
    assert xlcnn("predict", "row.png", "--pick", "2", cwd=tmp_path)[1].split()[0] == "0"
    assert xlcnn("make", "row.png", "--pick", "3", "-o", "x.xlsx", cwd=tmp_path)[1].startswith("5, ")
    assert xlcnn("verify", "x.xlsx", "--image", "row.png", "--pick", "3", "--trials", "0", cwd=tmp_path)[0] == 0
    assert xlcnn("verify", "x.xlsx", "--image", "row.png", "--pick", "1", "--trials", "0", cwd=tmp_path)[0] == 1
    assert xlcnn("predict", "row.png", "--pick", "1", "--all", cwd=tmp_path)[0] == 2


def test_how_a_picture_became_numbers_is_drawn(tmp_path: Path) -> None:
    draw("4").save(tmp_path / "4.png")
    code, out, _ = xlcnn("predict", "4.png", "--explain", "out.png", cwd=tmp_path)
    assert (code, out.split()[0]) == (0, "4")
    assert Image.open(tmp_path / "out.png").width > 1000
    assert "out.png exists already" in xlcnn("predict", "4.png", "--explain", "out.png", cwd=tmp_path)[2]
    assert "--explain draws one image" in xlcnn("predict", "4.png", "4.png", "--explain", "b.png", cwd=tmp_path)[2]
    assert "does not end in .png" in xlcnn("predict", "4.png", "--explain", "b.jpg", cwd=tmp_path)[2]


def test_a_file_name_that_looks_like_a_formula(tmp_path: Path) -> None:
    name = "=cmd|' -C calc'!A1\n😀.png"
    draw("4").save(tmp_path / name)
    code, out, _ = xlcnn("make", name, "-o", "x.xlsx", cwd=tmp_path)
    assert code == 0
    assert out.startswith("4, ")
    assert xlcnn("verify", "x.xlsx", cwd=tmp_path)[0] == 0


@pytest.mark.libreoffice
@pytest.mark.slow
def test_render_draws_each_sheet(seven: Path, tmp_path: Path) -> None:
    code, out, _ = xlcnn("render", str(seven), "--output", "pictures", "--dpi", "40", cwd=tmp_path)
    assert code == 0
    names = sorted(p.name for p in (tmp_path / "pictures").iterdir())
    sheets = [tab(name) for name in TABS]
    assert names == [f"{k:02}-{sheet.replace(' ', '_')}.png" for k, sheet in enumerate(sheets, 1)], "one page per sheet"
    assert len(out.splitlines()) == len(names)
    for name in names:
        width, height = Image.open(tmp_path / "pictures" / name).size
        assert width > height, f"{name} is not in landscape"
    code, out, err = xlcnn("render", str(seven), "--output", "pictures", cwd=tmp_path)
    assert (code, out) == (2, ""), "what is there is not replaced"
    assert "01-Guide.png exists already; give --force" in err


def test_render_without_its_programs_says_how_to_get_them(seven: Path, tmp_path: Path) -> None:
    code, out, err = xlcnn("render", str(seven), "--output", "pictures", cwd=tmp_path, env={"PATH": ""})
    assert (code, out) == (2, "")
    assert "apt-get install poppler-utils" in err
    code, _, err = xlcnn("verify", str(seven), "--engine", "libreoffice", cwd=tmp_path, env={"PATH": ""})
    assert code == 2
    assert "apt-get install libreoffice-calc" in err


def test_templates_are_listed_with_their_accuracy(tmp_path: Path) -> None:
    code, out, _ = xlcnn("templates", cwd=tmp_path)
    assert code == 0
    assert "lesson" in out
    assert " %" in out


def test_an_unknown_template_or_language_is_named(tmp_path: Path) -> None:
    _, _, err = xlcnn("make", str(SEVEN), "--template", "nothing", cwd=tmp_path)
    assert "there is no template 'nothing'; there are: lenet, lesson, residual;" in err
    _, _, err = xlcnn("make", str(SEVEN), "--language", "xx", cwd=tmp_path)
    assert "has no words in 'xx'" in err


def heavy(*command: str) -> str:
    """Which of the libraries that take long to start the command line itself has imported at its end."""
    script = f"import sys; from xlcnn.cli import main\ntry: main({list(command)})\nexcept SystemExit: pass\n"
    script += "print(sorted(m for m in ('numpy','openpyxl','PIL','formualizer','rich','cv2') if m in sys.modules))"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout.decode().splitlines()[-1]


def test_help_does_not_import_what_it_does_not_need() -> None:
    assert heavy("--help") == "[]"


def test_verify_starts_the_process_that_verifies_before_anything_heavy(seven: Path) -> None:
    assert heavy("verify", str(seven)) == "[]"
    assert heavy("verify", str(seven), "--json") == "[]"


def test_one_pixel_short_of_an_image(tmp_path: Path) -> None:
    whole = BytesIO()
    Image.effect_noise((64, 64), 80).save(whole, "PNG")
    (tmp_path / "cut.png").write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    code, _, err = xlcnn("make", "cut.png", cwd=tmp_path)
    assert code == 2
    assert "damaged or cut short" in err


def test_json_stays_json_when_numbers_are_none(damage: Damage, tmp_path: Path) -> None:
    wrong = ("conv1", "output", (0, 9, 3))
    path = damage(*wrong, with_formula("1/0"))
    code, out, _ = xlcnn("verify", str(path), "--json", cwd=tmp_path)
    assert code == 1
    assert "Infinity" not in out
    assert "NaN" not in out
    report = json.loads(out)
    assert report["problems"][0]["cell"] == cell(*wrong)


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--max-cells", "1000", "has more cells than xlcnn reads"),
        ("--max-unpacked-mb", "1", "unpacks to more than 1 MB"),
        ("--max-mb", "1", "is larger than 1 MB"),
    ],
)
def test_limits_are_options_of_verify(seven: Path, tmp_path: Path, option: str, value: str, says: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(seven.read_bytes() + b"\0" * 2**20 * (option == "--max-mb"))
    code, out, err = xlcnn("verify", str(path), option, value, cwd=tmp_path)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1


@pytest.mark.libreoffice
@pytest.mark.slow
def test_the_time_limit_is_an_option_and_leaves_no_process(seven: Path, tmp_path: Path) -> None:
    arguments = ["verify", str(seven), "--engine", "libreoffice", "--timeout", "1", "--trials", "200"]
    code, _, err = xlcnn(*arguments, cwd=tmp_path, env={"TMPDIR": str(tmp_path)})
    assert (code, err) == (2, "Error: LibreOffice did not finish within 1 seconds\n")
    assert subprocess.run(["pgrep", "-f", f"{tmp_path}.*profile"], capture_output=True, check=False).stdout == b""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.libreoffice
@pytest.mark.slow
def test_eight_verifications_at_once_do_not_disturb_each_other(seven: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xlcnn", "verify", str(seven), "--engine", "libreoffice", "--trials", "0", "--json"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path) for _ in range(8)]
    answers = [json.loads(process.communicate()[0]) for process in running]
    assert all(answer["ok"] for answer in answers)
    assert [process.returncode for process in running] == [0] * 8
    assert all(answer == answers[0] for answer in answers)


# ---- the first five minutes ----


def test_a_sample_needs_no_image(tmp_path: Path) -> None:
    code, out, err = xlcnn("make", "--sample", "7", cwd=tmp_path)
    assert (code, err) == (0, "")
    assert out.startswith("7, ")
    assert (tmp_path / "outputs" / "sample-7.xlsx").is_file()
    code, _, err = xlcnn("make", "--sample", "14", cwd=tmp_path)
    assert (code, err) == (2, "Error: template lesson has no sample 14\n")


@pytest.mark.parametrize("arguments", [[], [str(SEVEN), "--sample", "7"]])
def test_make_takes_an_image_or_a_sample(tmp_path: Path, arguments: list[str]) -> None:
    code, _, err = xlcnn("make", *arguments, cwd=tmp_path)
    assert code == 2
    assert "give IMAGES, or --sample and a digit" in err


def test_the_clipboard_is_a_picture_too(tmp_path: Path) -> None:
    draw("5").save(tmp_path / "copied.png")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "xclip"
    program.write_text(f"#!/bin/sh\nexec cat {tmp_path}/copied.png\n", encoding="utf-8")
    program.chmod(0o755)
    here = {"PATH": f"{program.parent}:{os.environ['PATH']}", "DISPLAY": ":0", "WAYLAND_DISPLAY": ""}
    code, out, err = xlcnn("make", "--clipboard", cwd=tmp_path, env=here)
    assert (code, err) == (0, "")
    assert out.startswith("5, ")
    assert (tmp_path / "outputs" / "clipboard.xlsx").is_file()
    assert xlcnn("make", "--clipboard", "copied.png", cwd=tmp_path, env=here)[0] == 2
    code, _, err = xlcnn("make", "--clipboard", cwd=tmp_path, env={"DISPLAY": "", "WAYLAND_DISPLAY": ""})
    assert (code, err[:42]) == (2, "Error: the clipboard cannot be read: there")


def test_help_names_languages_templates_and_the_files_that_are_expected(tmp_path: Path) -> None:
    said = {command: xlcnn(command, "--help", cwd=tmp_path)[1] for command in ("make", "verify", "predict", "render", "train")}
    assert "The language of the words: de, en, es" in said["make"]
    assert "A template's name (lenet, lesson, residual)" in " ".join(said["make"].split())
    assert "PNG, JPEG, GIF, BMP, TIFF, WebP, AVIF or HEIC" in " ".join(said["make"].split())
    assert "FILE.xlsx" in said["make"]
    assert ".xlsx" in said["verify"]
    assert all(name in said["verify"] for name in ("FILE.html", "FILE.sarif", "FILE.xml", "COPY.xlsx"))
    assert "AVIF or HEIC" in " ".join(said["predict"].split())
    assert "01-Guide.png" in said["render"]
    assert "train-images-idx3-ubyte.gz" in "".join(said["train"].split())


@pytest.mark.parametrize("name", ["seven.png", "seven", "seven.xls", "seven.csv"])
def test_an_output_that_is_no_xlsx_is_refused(tmp_path: Path, name: str) -> None:
    code, out, err = xlcnn("make", str(SEVEN), "-o", name, cwd=tmp_path)
    assert (code, out) == (2, "")
    assert err == f"Error: {name} does not end in .xlsx, so no spreadsheet program would open it\n"
    assert list(tmp_path.iterdir()) == []


def test_a_report_never_replaces_the_workbook(seven: Path, tmp_path: Path) -> None:
    """Once ``verify b.xlsx --html b.xlsx`` destroyed the workbook."""
    path = tmp_path / "b.xlsx"
    path.write_bytes(seven.read_bytes())
    (tmp_path / "same.xlsx").hardlink_to(path)
    for target in ("b.xlsx", "same.xlsx", "../" + tmp_path.name + "/b.xlsx"):
        code, out, err = xlcnn("verify", "b.xlsx", "--html", target, "--force", cwd=tmp_path)
        assert (code, out) == (2, "")
        assert "is the file that is read; give another name" in err
    assert path.read_bytes() == seven.read_bytes()


def test_a_report_replaces_another_file_only_with_force(seven: Path, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("mine", encoding="utf-8")
    code, out, err = xlcnn("verify", str(seven), "--html", "report.html", cwd=tmp_path)
    assert (code, out, err) == (2, "", "Error: report.html exists already; give --force to replace it, or another name\n")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == "mine"
    assert xlcnn("verify", str(seven), "--html", "report.html", "--force", cwd=tmp_path)[0] == 0
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_workbook_never_replaces_its_image(tmp_path: Path) -> None:
    path = tmp_path / "drawn.xlsx"  # a picture with a wrong name
    path.write_bytes(SEVEN.read_bytes())
    code, _, err = xlcnn("make", "drawn.xlsx", "-o", "drawn.xlsx", "--force", cwd=tmp_path)
    assert code == 2
    assert "is the file that is read" in err
    assert path.read_bytes() == SEVEN.read_bytes()


def test_the_galleries_are_no_layers(tmp_path: Path) -> None:
    _, out, _ = xlcnn("templates", cwd=tmp_path, env={"COLUMNS": "200"})
    assert "Input → Conv1 → ReLU1" in " ".join(out.split())
    assert "Samples" not in out
