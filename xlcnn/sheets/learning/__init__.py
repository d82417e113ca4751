"""The sheets that show how a network learns, one file each. To add one, write its file and register it here."""

from xlcnn.sheets.base import Learning
from xlcnn.sheets.registry import registered

LEARNING: dict[str, type[Learning]] = registered(
    __name__,
    (
        "loss.Loss",
        "dense_back.DenseBack",
        "maxpool_back.MaxPoolBack",
        "relu_back.ReLUBack",
        "conv_back.ConvBack",
        "nudge.Nudge",
        "step.Step",
        "history.History",
    ),
)
