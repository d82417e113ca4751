"""Weights of any floating-point kind are read exactly; whatever is no such number is named."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import safetensors
from safetensors.numpy import save_file

from xlcnn import NetworkError
from xlcnn.network.weights import load_weights

NUMBERS = np.array([[0.5, -1.75, 3.0], [2.0**-14, -0.0, 1.0]])  # exact in every kind


def raw(path: Path, kind: str, data: bytes, shape: tuple[int, ...], name: str = "conv1.weight") -> Path:
    """A file by hand: safetensors for NumPy writes no bfloat16."""
    head = json.dumps({name: {"dtype": kind, "shape": shape, "data_offsets": [0, len(data)]}}).encode()
    path.write_bytes(len(head).to_bytes(8, "little") + head + data)
    return path


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_floats_of_any_width_are_read_exactly(kind: type, tmp_path: Path) -> None:
    save_file({"w": NUMBERS.astype(kind)}, tmp_path / "w")
    found = load_weights(tmp_path / "w")["w"]
    assert found.dtype == np.float64
    assert (found.astype(kind) == NUMBERS.astype(kind)).all()  # as the shortest decimals that mean them
    np.testing.assert_allclose(found, NUMBERS, rtol=5e-4 if kind is np.float16 else 5e-9)


def test_so_is_bfloat16(tmp_path: Path) -> None:
    data = (NUMBERS.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
    found = load_weights(raw(tmp_path / "w", "BF16", data, NUMBERS.shape))["conv1.weight"]
    assert (found.astype(np.float32) == NUMBERS).all()


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int32, np.int64, np.bool_])
def test_whole_numbers_are_no_weights(kind: type, tmp_path: Path) -> None:
    save_file({"w": NUMBERS.astype(kind)}, tmp_path / "w")
    with pytest.raises(NetworkError, match=r"w holds numbers of kind .*; weights must be floating-point numbers"):
        load_weights(tmp_path / "w")


@pytest.mark.skipif(tuple(map(int, safetensors.__version__.split(".")[:2])) < (0, 5), reason="it does not know them")
def test_nor_are_numbers_of_8_bits(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"conv1\.weight holds numbers of kind F8_E4M3"):
        load_weights(raw(tmp_path / "w", "F8_E4M3", b"\0" * 6, (2, 3)))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("kind", [np.float16, np.float64])
def test_what_is_no_number_is_counted(value: float, kind: type, tmp_path: Path) -> None:
    save_file({"w": np.array([1, value, value], kind)}, tmp_path / "w")
    with pytest.raises(NetworkError, match=r"w holds 2 values that are no numbers \(NaN or infinite\)"):
        load_weights(tmp_path / "w")


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31mb", "\u202e"])
def test_names_are_printable(name: str, tmp_path: Path) -> None:
    with pytest.raises(NetworkError) as found:
        load_weights(raw(tmp_path / "w", "I8", b"\0", (1,), name))
    assert str(found.value).isprintable()


@pytest.mark.parametrize("data", [b"", b"\0" * 8, b"\xff" * 9, b"rubbish"])
def test_rubbish_cannot_be_read(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(data)
    with pytest.raises(NetworkError, match="cannot be read"):
        load_weights(tmp_path / "w")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "w")
    with pytest.raises(NetworkError, match="cannot be read: it is not a regular file"):
        load_weights(tmp_path / "w")
    with pytest.raises(NetworkError, match="cannot be read: it is a folder"):
        load_weights(tmp_path)
