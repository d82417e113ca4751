"""Keras' activations, which it has as layers, as names (`activation="relu"`) and as layers in the place of names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from xlcnn.errors import NetworkError
from xlcnn.network.importing.draft import plain_name
from xlcnn.network.importing.keras_call import Call, one_axis
from xlcnn.network.importing.views import View


def activated(call: Call, x: View) -> View:
    """What a layer's own `activation` makes of its result."""
    return activation(call, x, call.get("activation", "linear"))


def activation(call: Call, x: View, which: Any) -> View:
    if isinstance(which, dict):  # a layer in an activation's place
        kind, config = which.get("class_name"), which.get("config")
        if not isinstance(kind, str) or kind not in AS_ACTIVATIONS or not isinstance(config, dict) or is_custom(which):
            raise NetworkError("has an activation that is code of its own, which is never run")
        return AS_ACTIVATIONS[kind](Call(kind, config, (x,), (), call.draft, call.version))
    if which == "softmax":
        return softmax(call, x, x.order.ndim - 1)
    if which == "hard_sigmoid":  # Keras 3 has made its slope less steep
        return call.operator("HardSigmoid", x, alpha=0.2 if call.version < 3 else 1 / 6, beta=0.5)
    if which == "mish":
        return call.operator("Mul", x, call.operator("Tanh", call.operator("Softplus", x)))
    if which in ("silu", "swish"):
        return call.operator("Mul", x, call.operator("Sigmoid", x))
    if not isinstance(which, str) or which not in ACTIVATIONS:
        known = ", ".join(sorted((*ACTIVATIONS, "softmax", "hard_sigmoid", "mish", "silu", "swish")))
        raise NetworkError(f"has the activation {plain_name(str(which))}; known are {known}")
    operator, attributes = ACTIVATIONS[which]
    return call.operator(operator, x, **attributes) if operator else x


def is_custom(layer: Mapping[str, Any]) -> bool:
    """Whether a class is said to be none of Keras' own."""
    module, registered = layer.get("module"), layer.get("registered_name")
    return bool(module and not str(module).startswith("keras")) or ">" in str(registered or "")


def softmax(call: Call, x: View, axis: int) -> View:
    return call.operator("Softmax", x, axis=axis)


def relu(call: Call) -> View:
    slope = call.number("negative_slope", call.number("alpha", 0.0))
    if call.number("threshold", 0.0):
        raise NetworkError("has a threshold other than 0, which no sheet shows")
    most = call.get("max_value")
    if slope:
        x = call.operator("LeakyRelu", call.x, alpha=slope)
        return x if most is None else call.operator("Clip", x, max=call.number("max_value", 0.0))
    if most is None:
        return call.operator("Relu", call.x)
    return call.operator("Clip", call.x, min=0.0, max=call.number("max_value", 0.0))


ACTIVATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "linear": ("", {}),
    "relu": ("Relu", {}),
    "relu6": ("Clip", {"min": 0.0, "max": 6.0}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "elu": ("Elu", {"alpha": 1.0}),
    "selu": ("Selu", {}),
    "softplus": ("Softplus", {}),
    "gelu": ("Gelu", {}),
    "hard_silu": ("HardSwish", {}),
    "hard_swish": ("HardSwish", {}),
    "leaky_relu": ("LeakyRelu", {"alpha": 0.2}),
    "log_softmax": ("LogSoftmax", {}),
}
AS_ACTIVATIONS: dict[str, Callable[[Call], View]] = {
    "Activation": lambda call: activation(call, call.x, call.get("activation", "linear")),
    "ReLU": relu,
    "LeakyReLU": lambda call: call.operator("LeakyRelu", call.x, alpha=call.number("negative_slope", call.number("alpha", 0.3))),
    "ELU": lambda call: call.operator("Elu", call.x, alpha=call.number("alpha", 1.0)),
    "Softmax": lambda call: softmax(call, call.x, one_axis(call, call.x)),
}
