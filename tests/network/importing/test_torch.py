"""Networks as PyTorch exports them, with both of its exporters: what PyTorch computed is what our network computes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.network.importing.graphs import onnx
from tests.networks import write_workbook
from xlcnn.network.importing.onnx_import import import_onnx
from xlcnn.verifier.verify import verify

HERE = Path(__file__).parent / "fixtures"
FILES = sorted(path.name for path in HERE.glob("torch-*.onnx"))


def test_there_are_files_of_both_exporters() -> None:
    assert len(FILES) == 6
    assert onnx is not None


@pytest.mark.parametrize("file", FILES)
def test_it_computes_what_pytorch_computed(file: str, tmp_path: Path) -> None:
    expected = np.load(HERE / "torch.npz")
    name = file.split("-")[1]
    found = import_onnx(HERE / file)
    image = np.zeros(found.reads.order.size)
    image[found.reads.order.ravel()] = expected[f"{name}.x"].ravel()
    image = image.reshape(found.reads.shape)
    assert np.allclose(found.output_of(found.network.forward(image)), expected[f"{name}.y"], atol=1e-5)
    report = verify(write_workbook(found.network, tmp_path / "book.xlsx", image), trials=1)
    assert report.ok, report.problems[:3]
