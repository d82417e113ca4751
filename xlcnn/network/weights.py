"""``weights.safetensors``: any floating-point numbers in, 64 bits out. bfloat16, which NumPy does not know, is widened by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from xlcnn.errors import NetworkError, printable
from xlcnn.files.reading import read_regular, reason
from xlcnn.network.decimals import decimal

FLOATS = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}  # safetensors' names → NumPy's
BRAIN = "BF16"  # the upper half of an F32
MAX_BYTES = 2**30


def load_weights(path: Path) -> dict[str, np.ndarray]:
    """Every tensor of the file as 64-bit floats. Raises `NetworkError` that says which is none, without the file's name."""
    from safetensors import SafetensorError, deserialize

    try:
        tensors = deserialize(read_regular(path, MAX_BYTES))  # type: ignore[no-untyped-call]
    except (OSError, SafetensorError) as error:
        raise NetworkError(f"cannot be read: {reason(error)}") from None
    return {printable(name): as_floats(printable(name), tensor["dtype"], tensor) for name, tensor in tensors}


def as_floats(name: str, kind: str, tensor: dict[str, object]) -> np.ndarray:
    """One tensor. Raises `NetworkError` for whole numbers, and for NaN and infinity."""
    data, shape = bytes(tensor["data"]), tensor["shape"]  # type: ignore[call-overload]
    if kind == BRAIN:
        numbers = (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
    elif kind in FLOATS:
        numbers = np.frombuffer(data, FLOATS[kind])
    else:
        kinds = ", ".join([*FLOATS, BRAIN])
        raise NetworkError(f"{name} holds numbers of kind {kind}; weights must be floating-point numbers ({kinds})")
    with np.errstate(invalid="ignore"):
        found: np.ndarray = decimal(numbers).reshape(shape)  # type: ignore[call-overload]
    if not np.isfinite(found).all():
        raise NetworkError(f"{name} holds {int((~np.isfinite(found)).sum())} values that are no numbers (NaN or infinite)")
    return found
