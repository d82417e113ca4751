"""Nothing at run time reaches the network: not this process, not the programs that it starts, whatever a workbook asks for."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.conftest import SEVEN, parts_of, sheet_part, write_parts

#: Ends the process as soon as a socket is asked for anything, even by a library.
GUARD = """
import sys
def refuse(event, arguments):
    if event.startswith("socket.") or event == "urllib.Request":
        import os
        os.write(2, f"the network was asked for: {event} {arguments}".encode())
        os._exit(99)
sys.addaudithook(refuse)
from xlcnn.cli import main
main(sys.argv[1:])
"""


def commands(folder: Path) -> list[list[str]]:
    made = str(folder / "made.xlsx")
    return [
        ["make", str(SEVEN), "--output", made],
        ["verify", made, "--html", str(folder / "report.html"), "--annotate", str(folder / "marked.xlsx")],
        ["verify", made, "--sarif", str(folder / "report.sarif"), "--junit", str(folder / "report.xml"), "--json"],
        ["predict", str(SEVEN)],
        ["templates"],
    ]


@pytest.mark.slow
def test_no_command_opens_a_socket(tmp_path: Path) -> None:
    for arguments in commands(tmp_path):
        done = subprocess.run([sys.executable, "-c", GUARD, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_guard_would_see_it() -> None:
    code = GUARD.split("from xlcnn")[0] + "import socket; socket.create_connection(('127.0.0.1', 9))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 99


WITHOUT = ["unshare", "--map-root-user", "--net"]


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("unshare") is None or subprocess.run([*WITHOUT, "true"], capture_output=True, check=False).returncode != 0,
    reason="no namespace without a network can be made here",
)
def test_every_command_works_where_there_is_no_network(tmp_path: Path) -> None:
    for arguments in commands(tmp_path):
        done = subprocess.run([*WITHOUT, sys.executable, "-m", "xlcnn", *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """A server that notes every request."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"1")

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()


def luring(seven: Path, path: Path, port: int) -> Path:
    """The workbook with everything in it that could make a program fetch something."""
    here = f"http://127.0.0.1:{port}"
    parts = parts_of(seven)
    name = sheet_part("guide")
    formulas = [f'WEBSERVICE("{here}/web")', f"'{here}/[x.xlsx]S'!A1", f'HYPERLINK("{here}/link")', "[1]S!A1"]
    rows = "".join(
        f'<row r="{k}"><c r="J{k}"><f>{text.replace("&", "&amp;")}</f><v>0</v></c></row>'
        for k, text in enumerate(formulas, start=940)
    )
    parts[name] = parts[name].replace(b"</sheetData>", rows.encode() + b"</sheetData>")
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"<definedNames>", b'<externalReferences><externalReference r:id="rId99" xmlns:r='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></externalReferences><definedNames>',
    )  # fmt: skip
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="rId99" Type="{office}/externalLink" Target="externalLinks/e1.xml"/></Relationships>'.encode(),
    )
    parts["xl/externalLinks/e1.xml"] = (
        '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<externalBook xmlns:r="{office}" r:id="rId1"><sheetNames><sheetName val="S"/></sheetNames></externalBook></externalLink>'
    ).encode()
    parts["xl/externalLinks/_rels/e1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{office}/externalLinkPath" Target="{here}/other.xlsx" TargetMode="External"/></Relationships>'
    ).encode()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/xl/externalLinks/e1.xml" ContentType='
        b'"application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"/></Types>',
    )
    return write_parts(parts, path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "engine",
    [
        "formualizer",
        pytest.param("libreoffice", marks=pytest.mark.libreoffice),
        pytest.param("gnumeric", marks=pytest.mark.gnumeric),
    ],
)
def test_no_engine_fetches_what_a_workbook_asks_for(seven: Path, tmp_path: Path, engine: str) -> None:
    with listening() as (port, asked):
        path = luring(seven, tmp_path / "luring.xlsx", port)
        done = subprocess.run(
            [sys.executable, "-m", "xlcnn", "verify", str(path), "--engine", engine, "--trials", "0"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1, 2)
        assert "Traceback" not in done.stderr
        assert asked == []
