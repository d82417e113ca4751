"""The picture on the clipboard, as if it were a file: its bytes, which are opened and checked as those of any file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from io import BytesIO

from PIL import Image, ImageGrab

from xlcnn.errors import ImageError, printable
from xlcnn.image.files import MAX_BYTES, ImageFile, check_size, read_image

NAME = "the picture on the clipboard"
NOTHING = "there is no picture on the clipboard; copy one, or name a file"
CANNOT = "the clipboard cannot be read"
SECONDS = 20  # a program that owns the clipboard may never answer
MAC = ("osascript", "-e", "get the clipboard as «class PNGf»")
WAYLAND = ("wl-paste", "--no-newline", "--type", "image")
X11 = ("xclip", "-selection", "clipboard", "-target", "image/png", "-out")


def grab(platform: str = sys.platform) -> ImageFile:
    """The picture on the clipboard, or the one file copied there in Windows. Raises `ImageError`.

    Elsewhere Pillow would let every decoder that it has decode it, at any size; so the same programs are asked here.
    """
    if platform == "win32":
        return from_windows()
    data = said_by(MAC if platform == "darwin" else linux_program())
    if platform == "darwin":
        data = from_apple_script(data)
    if not data:
        raise ImageError(NOTHING)
    if len(data) > MAX_BYTES:
        raise ImageError(f"{NAME} is too large: more than {MAX_BYTES // 2**20} MB")
    return ImageFile(NAME, data)


def linux_program() -> tuple[str, ...]:
    """The program that prints the picture on this desktop's clipboard. Raises `ImageError` where there is none."""
    packages = {"WAYLAND_DISPLAY": (WAYLAND, "wl-clipboard"), "DISPLAY": (X11, "xclip")}
    here = [packages[variable] for variable in packages if os.environ.get(variable)]
    for program, _ in here:  # most Wayland desktops answer xclip, too
        if shutil.which(program[0]):
            return program
    if not here:
        raise ImageError(f"{CANNOT}: there is no desktop here (neither WAYLAND_DISPLAY nor DISPLAY is set); name a file")
    raise ImageError(f"{CANNOT} without {here[0][0][0]}: install {here[0][1]}, or name a file")


def said_by(program: tuple[str, ...]) -> bytes:
    """What a program prints; nothing where it fails, as all of them do without a picture. Raises `ImageError`."""
    try:
        done = subprocess.run(program, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ImageError(f"{CANNOT}: {program[0]} has not answered in {SECONDS} seconds") from None
    except OSError as error:
        raise ImageError(f"{CANNOT}: {program[0]}: {error.strerror or error}") from None
    if done.returncode and b"display" in done.stderr.lower():  # "Can't open display", "Failed to connect to …"
        reason = printable(" ".join(done.stderr.decode(errors="replace").split()))
        raise ImageError(f"{CANNOT} ({reason})")
    return b"" if done.returncode else done.stdout


def from_apple_script(said: bytes) -> bytes:
    """The bytes that AppleScript writes as ``«data PNGf89504E47…»``; nothing for any other answer."""
    digits = said.decode(errors="replace").strip().removeprefix("«data PNGf").removesuffix("»")
    try:
        return bytes.fromhex(digits)
    except ValueError:
        return b""


def from_windows() -> ImageFile:
    """What Pillow finds on the clipboard of Windows: a bitmap or a PNG, not decoded yet, or names of files."""
    try:
        found = ImageGrab.grabclipboard()
        if isinstance(found, Image.Image):
            check_size(found, NAME)
            out = BytesIO()
            found.save(out, "PNG", compress_level=1)
            return ImageFile(NAME, out.getvalue())
    except ImageError:
        raise
    except Exception as error:  # no clipboard (a service), one that another program holds open, damaged bitmaps
        raise ImageError(f"{CANNOT} ({' '.join(str(error).split()) or type(error).__name__})") from None
    if not found:
        raise ImageError(NOTHING)
    if len(found) > 1:
        raise ImageError(f"{len(found)} files are on the clipboard; copy one picture")
    return read_image(found[0])
