"""Trains plain nn.Linear layers on dense vectors with PyTorch's own optimizers; must not repeat our equations."""

import json
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_


def network(case):
    sizes = [case["features"], *case["hidden"], case["classes"]]
    layers = []
    for at, (size, following) in enumerate(zip(sizes, sizes[1:])):
        layers += [nn.ReLU()] if at > 0 else []
        layers.append(nn.Linear(size, following))
    return nn.Sequential(*layers)


def linears(model):
    return [layer for layer in model if isinstance(layer, nn.Linear)]


@torch.no_grad()
def load(model, weights):
    for at, (layer, (W, b)) in enumerate(zip(linears(model), weights)):
        W = torch.tensor(W)
        # Ours keeps the first layer's weights with a row for each feature.
        layer.weight.copy_(W.reshape(layer.in_features, layer.out_features).T if at == 0 else W.reshape_as(layer.weight))
        layer.bias.copy_(torch.tensor(b))


def train(case):
    model = network(case)
    load(model, case["weights"])
    make = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[case["optimizer"]]
    optimizer = make(model.parameters(), lr=case["learningRate"])
    classWeights = None if case["classWeights"] is None else torch.tensor(case["classWeights"])
    criterion = nn.CrossEntropyLoss(weight=classWeights, label_smoothing=case["labelSmoothing"])
    losses, norms = [], []
    for batch in case["batches"]:
        optimizer.zero_grad()
        loss = criterion(model(torch.tensor(batch["x"])), torch.tensor(batch["labels"]))
        loss.backward()
        norms.append(clip_grad_norm_(model.parameters(), case["clip"]).item())
        optimizer.step()
        losses.append(loss.item())
    weights = [
        [(layer.weight.T if at == 0 else layer.weight).flatten().tolist(), layer.bias.tolist()]
        for at, layer in enumerate(linears(model))
    ]
    return {"losses": losses, "norms": norms, "weights": weights}


torch.set_num_threads(1)
path = Path(sys.argv[1])
path.with_suffix(".answers").write_text(json.dumps([train(case) for case in json.loads(path.read_text())]))
