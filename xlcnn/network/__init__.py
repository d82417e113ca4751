"""Layers with weights: the forward pass, and how a network is written to files and read from them."""

from xlcnn.network.network import Network, weight_shapes

__all__ = ["Network", "weight_shapes"]
