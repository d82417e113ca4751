"""Weights that are fitted to labelled pictures: cross-entropy, Adam, a learning rate that rises once and falls to nothing.

The pictures are varied while training (turned, scaled, sheared, shifted, drawn with a thicker or thinner pen), because
people do not draw like MNIST. Filters start as edge filters where the settings say so, and are held near them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch.nn import functional

from xlcnn.lesson.measuring import DECIMALS
from xlcnn.lesson.settings import EDGES, Settings
from xlcnn.lesson.torched import is_remembered, rounded, scores, start_weights
from xlcnn.network.network import Network
from xlcnn.sheets.parts import Array

FEWEST = 11  # steps of a learning rate that rises for a tenth of them


def fit(network: Network, settings: Settings, images: Array, labels: Array, watch: Callable[[int, Network], object]) -> Network:
    """The network with trained weights, from its layers alone: the weights that it has do not matter.

    `watch` is shown the network before the first step, as epoch 0, and after every epoch. It has no part in the training.
    """
    random = torch.Generator().manual_seed(settings.seed)
    weights = start_weights(network, random)
    edges = [
        (name, k, torch.tensor(EDGES[edge], dtype=torch.float32)) for name, kinds in settings.start for k, edge in enumerate(kinds)
    ]
    for name, k, edge in edges:
        weights[f"{name}.bias"].zero_()
        weights[f"{name}.weight"][k, 0] = edge
    learned = [w.requires_grad_() for name, w in weights.items() if not is_remembered(name)]
    optimiser = torch.optim.Adam(learned, lr=settings.learning_rate, weight_decay=settings.decay)
    steps = len(images) // settings.batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.learning_rate, total_steps=max(FEWEST, settings.epochs * steps), pct_start=0.1, final_div_factor=1000
    )
    x, y = torch.tensor(images, dtype=torch.float32), torch.tensor(labels)
    watch(0, rounded(network, weights, DECIMALS))
    for epoch in range(settings.epochs):
        order = torch.randperm(len(x), generator=random)
        for k in range(steps):
            chosen = order[k * settings.batch : (k + 1) * settings.batch]
            found = scores(network, weights, vary(x[chosen], settings, random), learning=True)
            loss = functional.cross_entropy(found, y[chosen])
            for name, f, edge in edges:
                near = functional.cosine_similarity(weights[f"{name}.weight"][f, 0].flatten(), edge.flatten(), dim=0)
                loss = loss + settings.hold * (1 - near)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        watch(epoch + 1, rounded(network, weights, DECIMALS))
    return rounded(network, weights, DECIMALS)


def vary(x: torch.Tensor, settings: Settings, random: torch.Generator) -> torch.Tensor:
    """A batch as other hands might have drawn it; a share of it unvaried."""
    count, strength = len(x), settings.variation

    def between(bound: float) -> torch.Tensor:
        return (torch.rand(count, generator=random) * 2 - 1) * bound * strength

    angle, size, slant = between(math.radians(12)), 1 + between(0.1), between(0.15)
    cos, sin = torch.cos(angle) / size, torch.sin(angle) / size
    right, down = between(1.5 / 14), between(1.5 / 14)
    grid = torch.stack([torch.stack([cos, slant - sin, right], 1), torch.stack([sin, cos, down], 1)], 1)
    y = functional.grid_sample(x, functional.affine_grid(grid, list(x.shape), align_corners=False), align_corners=False)
    thick = functional.max_pool2d(y, 3, 1, 1)
    thin = -functional.max_pool2d(-y, 2, 1, 1)[:, :, : y.shape[2], : y.shape[3]]
    pen = torch.rand(count, generator=random)[:, None, None, None]
    amount = torch.rand(count, generator=random)[:, None, None, None] * strength
    y = torch.where(pen < 0.25, y + (thick - y) * amount * 0.7, torch.where(pen < 0.5, y + (thin - y) * amount * 0.6, y))
    same = torch.rand(count, generator=random) < settings.unvaried
    return torch.where(same[:, None, None, None], x, y)
