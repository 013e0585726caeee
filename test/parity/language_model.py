"""Trains PyTorch's modules as a language model: parallel streams, windows, states carried over; a plain loop."""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.utils import clip_grad_norm_, get_total_norm

from torch_training import GATES, reorder


class LanguageModel(nn.Module):
    def __init__(self, spec):
        super().__init__()
        self.spec = spec
        self.embedding = nn.Embedding(spec["vocabulary"], spec["embedding"])
        kind = {"rnn": nn.RNN, "rnn-relu": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[spec["cell"]]
        options = {"nonlinearity": "relu"} if spec["cell"] == "rnn-relu" else {}
        self.recurrent = kind(spec["embedding"], spec["hidden"], num_layers=spec["layers"], **options)
        self.output = nn.Linear(spec["hidden"], spec["vocabulary"])
        if spec["tied"]:
            self.output.weight = self.embedding.weight

    def forward(self, ids, state):
        sequence, state = self.recurrent(self.embedding(ids), state)
        return self.output(sequence), state

    def counterparts(self):
        """Our parameters' names with PyTorch's parameters and whether their rows are stacked gates."""
        yield "embedding", self.embedding.weight, False
        yield "output.b", self.output.bias, False
        if not self.spec["tied"]:
            yield "output.W", self.output.weight, False
        for layer in range(self.spec["layers"]):
            kinds = {"W": "weight_ih", "R": "weight_hh", "b": "bias_ih"}
            if self.spec["cell"] == "gru":
                kinds["rb"] = "bias_hh"
            for kind, name in kinds.items():
                yield f"layer{layer}.forward.{kind}", getattr(self.recurrent, f"{name}_l{layer}"), True

    @torch.no_grad()
    def load(self, tensors):
        order = GATES[self.spec["cell"]]
        for name, parameter in self.recurrent.named_parameters():
            if "bias_hh" in name and self.spec["cell"] != "gru":
                parameter.zero_().requires_grad_(False)
        for name, parameter, stacked in self.counterparts():
            parameter.copy_((reorder(tensors[name], order) if stacked else tensors[name]).view_as(parameter))

    def save(self):
        order = GATES[self.spec["cell"]]
        inverse = [order.index(gate) for gate in range(len(order))]
        return {
            name: (reorder(parameter.detach(), inverse) if stacked else parameter.detach()).clone().contiguous()
            for name, parameter, stacked in self.counterparts()
        }


def train(case, initial, tokens):
    model = LanguageModel(case["spec"])
    model.load(initial)
    weights = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(weights, case["learningRate"])
    ids = tokens[:-1].long().view(case["streams"], -1).T
    targets = tokens[1:].long().view(case["streams"], -1).T
    losses, norms = [], []
    for _ in range(case["epochs"]):
        state = None
        for window, wanted in zip(ids.split(case["window"]), targets.split(case["window"])):
            optimizer.zero_grad()
            logits, state = model(window, state)
            state = tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()
            loss = cross_entropy(logits.flatten(0, 1), wanted.flatten())
            loss.backward()
            norms.append(get_total_norm([weight.grad for weight in weights]).item())
            clip_grad_norm_(weights, case["clip"])
            optimizer.step()
            losses.append(loss.item())
    return losses, norms, model.save()


def main(folder):
    torch.set_num_threads(1)
    cases = json.loads((folder / "cases.json").read_text())
    inputs = load_file(folder / "inputs.safetensors")
    answers, results = {}, {}
    for case in cases:
        prefix = f"{case['name']}/"
        initial = {name[len(prefix) :]: tensor for name, tensor in inputs.items() if name.startswith(prefix)}
        losses, norms, weights = train(case, initial, inputs["tokens"])
        answers[case["name"]] = {"losses": losses, "norms": norms}
        results.update({f"{prefix}{name}": tensor for name, tensor in weights.items()})
    (folder / "results.json").write_text(json.dumps(answers))
    save_file(results, folder / "results.safetensors")


main(Path(sys.argv[1]))
