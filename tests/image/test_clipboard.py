"""The clipboard's picture, from programs that stand in for those of each system."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageGrab

from tests.digits import draw
from xlcnn import ImageError, load_image, make_workbook
from xlcnn.image import clipboard
from xlcnn.image.files import ImageFile, open_image

scripts = pytest.mark.skipif(os.name == "nt", reason="shell scripts stand in for programs")


@pytest.fixture(autouse=True)
def no_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the machine's own: no variable that names a desktop, and programs from an empty folder."""
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))


def png() -> bytes:
    out = io.BytesIO()
    draw("3", size=(40, 30)).save(out, "PNG")
    return out.getvalue()


def program(folder: Path, name: str, says: bytes, code: int = 0, error: str = "") -> None:
    """A program that writes its arguments to a file, answers, and ends."""
    (folder / f"{name}.out").write_bytes(says)
    script = folder / name
    script.write_text(
        f'#!/bin/sh\necho "$@" >"{folder}/{name}.asked"\n/bin/cat "{folder}/{name}.out"\n'
        f"echo \"{error}\" >&2\nexit {code}\n"
    )  # fmt: skip
    script.chmod(0o755)


def asked(folder: Path, name: str) -> str:
    return (folder / f"{name}.asked").read_text().strip()


def refused(platform: str = "linux") -> str:
    with pytest.raises(ImageError) as caught:
        clipboard.grab(platform)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@scripts
def test_wayland(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DISPLAY", ":0")
    program(tmp_path, "wl-paste", png())
    program(tmp_path, "xclip", b"", 1)
    assert clipboard.grab("linux") == ImageFile("the picture on the clipboard", png())
    assert asked(tmp_path, "wl-paste") == "--no-newline --type image"
    assert open_image(clipboard.grab("linux")).size == (40, 30)


@scripts
def test_x11_and_wayland_without_its_own_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    program(tmp_path, "xclip", png())
    assert clipboard.grab("linux").data == png()
    assert asked(tmp_path, "xclip") == "-selection clipboard -target image/png -out"
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert clipboard.grab("linux").data == png()


@scripts
def test_macos(tmp_path: Path) -> None:
    program(tmp_path, "osascript", f"«data PNGf{png().hex().upper()}»\n".encode())
    assert clipboard.grab("darwin").data == png()
    assert asked(tmp_path, "osascript") == "-e get the clipboard as «class PNGf»"
    for other in (b"", b"hello\n", "«data PNGf8»\n".encode(), b"\xff"):
        program(tmp_path, "osascript", other)
        assert refused("darwin") == "there is no picture on the clipboard; copy one, or name a file"


def test_without_a_desktop_or_a_program_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "there is no desktop here (neither WAYLAND_DISPLAY nor DISPLAY is set)" in refused()
    monkeypatch.setenv("DISPLAY", ":0")
    assert refused() == "the clipboard cannot be read without xclip: install xclip, or name a file"
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert refused() == "the clipboard cannot be read without wl-paste: install wl-clipboard, or name a file"
    assert refused("darwin") == "the clipboard cannot be read: osascript: No such file or directory"


@scripts
@pytest.mark.parametrize(
    ("says", "code", "error"),
    [(b"", 0, ""), (b"", 1, "Error: target image/png not available"), (b"half a picture", 1, "Nothing is copied")],
)
def test_without_a_picture_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, says: bytes, code: int, error: str) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    program(tmp_path, "xclip", says, code, error)
    assert refused() == "there is no picture on the clipboard; copy one, or name a file"


@scripts
def test_a_desktop_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    program(tmp_path, "xclip", b"", 1, "Error: Can't open display:\n :7")
    assert refused() == "the clipboard cannot be read (Error: Can't open display: :7)"
    (tmp_path / "xclip").write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    monkeypatch.setattr(clipboard, "SECONDS", 0.2)
    assert refused() == "the clipboard cannot be read: xclip has not answered in 0.2 seconds"


@scripts
def test_its_bytes_are_held_to_the_same_limits_as_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    program(tmp_path, "wl-paste", b"<svg/>")
    with pytest.raises(ImageError, match=r"^the picture on the clipboard is a drawing of lines \(SVG\)"):
        load_image(clipboard.grab("linux"))
    program(tmp_path, "wl-paste", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")  # Pillow would start Ghostscript
    with pytest.raises(ImageError, match=r"^the picture on the clipboard is not an image that can be read"):
        load_image(clipboard.grab("linux"))
    monkeypatch.setattr(clipboard, "MAX_BYTES", 2**20)
    program(tmp_path, "wl-paste", bytes(2**20 + 1))
    assert refused() == "the picture on the clipboard is too large: more than 1 MB"


def test_a_workbook_is_made_from_bytes_as_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "three.png").write_bytes(png())
    answers = [
        make_workbook(source, tmp_path / f"{k}.xlsx", leave_out=["exhibits", "galleries"])
        for k, source in enumerate([ImageFile("three", png()), tmp_path / "three.png"])
    ]
    assert answers[0] == answers[1]
    assert answers[0] is not None
    assert (tmp_path / "0.xlsx").exists()


# ---- Windows, where Pillow itself asks ----


def holds(monkeypatch: pytest.MonkeyPatch, what: object) -> None:
    def found() -> object:
        if isinstance(what, Exception):
            raise what
        return what

    monkeypatch.setattr(ImageGrab, "grabclipboard", found)


def test_windows_holds_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    holds(monkeypatch, draw("3", size=(40, 30)))
    opened = open_image(clipboard.grab("win32"))
    assert opened.tobytes() == draw("3", size=(40, 30)).tobytes()


def test_windows_holds_the_name_of_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "three.png"
    path.write_bytes(png())
    holds(monkeypatch, [str(path)])
    assert clipboard.grab("win32") == ImageFile(str(path), png())
    holds(monkeypatch, [str(path), str(path)])
    assert refused("win32") == "2 files are on the clipboard; copy one picture"
    holds(monkeypatch, [str(tmp_path)])
    assert refused("win32").endswith("is a folder, not an image")


@pytest.mark.parametrize("what", [None, []])
def test_windows_holds_nothing(monkeypatch: pytest.MonkeyPatch, what: object) -> None:
    holds(monkeypatch, what)
    assert refused("win32") == "there is no picture on the clipboard; copy one, or name a file"


def test_windows_holds_too_much_or_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    holds(monkeypatch, Image.new("1", (10_000, 5_001)))
    assert refused("win32") == "the picture on the clipboard is too large: 10000×5001 pixels; the limit is 50 million"
    holds(monkeypatch, OSError("could not open\nclipboard"))
    assert refused("win32") == "the clipboard cannot be read (could not open clipboard)"
    holds(monkeypatch, NotImplementedError())
    assert refused("win32") == "the clipboard cannot be read (NotImplementedError)"
    holds(monkeypatch, Image.open(io.BytesIO(png()[:-30])))
    assert refused("win32").startswith("the clipboard cannot be read (")
