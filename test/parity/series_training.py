"""Trains PyTorch's own modules on number series, a plain loop; must not repeat our equations."""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn.utils import clip_grad_norm_
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from torch_training import GATES, reorder


class SeriesModel(nn.Module):
    """A recurrent module and a linear layer, for classes or for forecasts."""

    def __init__(self, spec, outputs):
        super().__init__()
        self.spec = spec
        options = dict(num_layers=spec["layers"], bidirectional=spec["bidirectional"])
        kind = {"gru": nn.GRU, "lstm": nn.LSTM}[spec["cell"]]
        self.recurrent = kind(spec["channels"], spec["hidden"], **options)
        self.directions = 2 if spec["bidirectional"] else 1
        self.output = nn.Linear(spec["hidden"] * self.directions, outputs)

    def vector(self, series, lengths, summary):
        """series [time, batch, channels] to [batch, features]."""
        packed, state = self.recurrent(pack_padded_sequence(series, lengths, enforce_sorted=False))
        if summary == "mean":
            sequence, _ = pad_packed_sequence(packed)
            return sequence.sum(0) / lengths.unsqueeze(1)
        h = state[0] if self.spec["cell"] == "lstm" else state
        last = h.view(-1, self.directions, series.shape[1], self.spec["hidden"])[-1]
        return torch.cat(list(last), dim=1)

    def counterparts(self):
        yield "output.W", self.output.weight, False
        yield "output.b", self.output.bias, False
        kinds = {"W": "weight_ih", "R": "weight_hh", "b": "bias_ih"}
        if self.spec["cell"] == "gru":
            kinds["rb"] = "bias_hh"
        for layer in range(self.spec["layers"]):
            for ours, theirs in [("forward", ""), ("backward", "_reverse")][: self.directions]:
                for kind, name in kinds.items():
                    yield f"layer{layer}.{ours}.{kind}", getattr(self.recurrent, f"{name}_l{layer}{theirs}"), True

    @torch.no_grad()
    def load(self, tensors):
        order = GATES[self.spec["cell"]]
        for name, parameter in self.recurrent.named_parameters():
            if "bias_hh" in name and self.spec["cell"] != "gru":
                parameter.zero_().requires_grad_(False)
        for name, parameter, stacked in self.counterparts():
            ours = tensors[name]
            parameter.copy_((reorder(ours, order) if stacked else ours).view_as(parameter))


def losses_of(case, tensors):
    """Losses of every step of Adam with clipping to a norm of 1."""
    spec = case["spec"]
    forecasts = case["task"] == "forecasting"
    outputs = spec["horizon"] * spec["channels"] if forecasts else spec["classes"]
    model = SeriesModel(spec, outputs)
    model.load({name: tensors[f"{case['name']}/{name}"] for name, _, _ in model.counterparts()})
    weights = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(weights, 0.01)
    series = tensors["series"].transpose(1, 2)
    lengths = tensors["full" if forecasts else "lengths"].long()
    losses = []
    for _ in range(case["steps"]):
        optimizer.zero_grad()
        if forecasts:
            changes = model.output(model.vector(series, lengths, "last"))
            predicted = changes.view(-1, spec["horizon"], spec["channels"]) + series[-1].unsqueeze(1)
            loss_of = nn.MSELoss() if case["loss"] == "mse" else nn.HuberLoss(delta=0.5)
            loss = loss_of(predicted, tensors["targets"].permute(2, 0, 1))
        else:
            logits = model.output(model.vector(series, lengths, spec["summary"]))
            loss = nn.functional.cross_entropy(logits, tensors["labels"].long())
        loss.backward()
        clip_grad_norm_(weights, 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses


def main(folder):
    torch.set_num_threads(1)
    cases = json.loads((folder / "cases.json").read_text())
    tensors = load_file(folder / "inputs.safetensors")
    (folder / "losses.json").write_text(json.dumps({case["name"]: losses_of(case, tensors) for case in cases}))


main(Path(sys.argv[1]))
