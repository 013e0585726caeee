"""Trains encoder-decoders with PyTorch's recurrent modules and attention as a plain loop; must not repeat our equations."""

import json
import sys
from pathlib import Path

import onnx
import onnxruntime
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from torch_training import GATES, reorder


class Translator(nn.Module):
    """Batch first; parameters are taken from and given back under our names."""

    def __init__(self, spec):
        super().__init__()
        self.spec = spec
        hidden, embedding, layers = spec["hidden"], spec["embedding"], spec["layers"]
        self.directions = 2 if spec["bidirectional"] else 1
        features = hidden * self.directions
        kind = {"gru": (nn.GRU, nn.GRUCell), "lstm": (nn.LSTM, nn.LSTMCell)}[spec["cell"]]
        self.source = nn.Embedding(spec["sourceVocabulary"], embedding)
        self.target = self.source if spec["shared"] else nn.Embedding(spec["targetVocabulary"], embedding)
        self.encoder = kind[0](embedding, hidden, layers, bidirectional=spec["bidirectional"], batch_first=True)
        # What the first cell reads beside the token, by our names of its blocks of columns.
        self.blocks = {"layer0.W": embedding}
        if spec["attention"] == "bahdanau":
            self.blocks["C"] = features
        if spec["inputFeeding"]:
            self.blocks["F"] = hidden
        sizes = [sum(self.blocks.values())] + [hidden] * (layers - 1)
        self.cells = nn.ModuleList(kind[1](size, hidden) for size in sizes)
        self.states = 2 if spec["cell"] == "lstm" else 1
        self.initial = nn.ModuleList(nn.Linear(features, hidden) for _ in range(layers * self.states))
        self.key = nn.Linear(features, hidden, bias=False)
        self.query = nn.Linear(hidden, hidden, bias=False)
        self.energy = nn.Linear(hidden, 1, bias=False)
        self.readout = nn.Linear(features + hidden, hidden)
        self.output = nn.Linear(hidden, spec["targetVocabulary"])

    def attend(self, state, memory, keys, mask):
        if self.spec["attention"] == "bahdanau":
            scores = self.energy(torch.tanh(keys + self.query(state)[:, None])).squeeze(2)
        else:
            scores = torch.einsum("bh,bsh->bs", state, keys)
        weights = scores.masked_fill(~mask, float("-inf")).softmax(1)
        return torch.einsum("bs,bsf->bf", weights, memory), weights

    def forward(self, source, lengths, target):
        """Logits [batch, target, vocabulary] of source [batch, source] and the decoder's inputs [batch, target]."""
        packed = pack_padded_sequence(self.source(source), lengths, batch_first=True, enforce_sorted=False)
        outputs, last = self.encoder(packed)
        memory, _ = pad_packed_sequence(outputs, batch_first=True)
        last = last[0] if self.states == 2 else last
        mask = torch.arange(memory.shape[1])[None] < lengths[:, None]
        keys = self.key(memory)
        states = []
        for layer in range(self.spec["layers"]):
            final = torch.cat(list(last[layer * self.directions : (layer + 1) * self.directions]), dim=1)
            h, *c = [self.initial[layer * self.states + at](final) for at in range(self.states)]
            states.append([torch.tanh(h), *c])
        readout = torch.zeros_like(states[0][0])
        logits = []
        for token in self.target(target).transpose(0, 1):
            parts = {"layer0.W": token, "F": readout}
            if self.spec["attention"] == "bahdanau":
                context, _ = self.attend(states[-1][0], memory, keys, mask)
                parts["C"] = context
            below = torch.cat([parts[name] for name in self.blocks], dim=1)
            for layer, cell in enumerate(self.cells):
                after = cell(below, tuple(states[layer]) if self.states == 2 else states[layer][0])
                states[layer] = list(after) if self.states == 2 else [after]
                below = states[layer][0]
            if self.spec["attention"] == "luong":
                context, _ = self.attend(below, memory, keys, mask)
            readout = torch.tanh(self.readout(torch.cat([context, below], dim=1)))
            logits.append(self.output(readout))
        return torch.stack(logits, dim=1)

    def counterparts(self):
        """Our names with PyTorch's parameter or a part of its columns, and whether its rows are stacked gates."""
        tables = [("embedding", self.source)] if self.spec["shared"] else [
            ("source.embedding", self.source),
            ("target.embedding", self.target),
        ]
        for name, table in tables:
            yield name, table.weight, False
        kinds = {"W": "weight_ih", "R": "weight_hh", "b": "bias_ih"}
        if self.spec["cell"] == "gru":
            kinds["rb"] = "bias_hh"
        for layer in range(self.spec["layers"]):
            for ours, theirs in [("forward", ""), ("backward", "_reverse")][: self.directions]:
                for kind, name in kinds.items():
                    yield f"encoder.layer{layer}.{ours}.{kind}", getattr(self.encoder, f"{name}_l{layer}{theirs}"), True
            for kind, name in kinds.items():
                if (layer, kind) != (0, "W"):
                    yield f"decoder.layer{layer}.{kind}", getattr(self.cells[layer], name), True
            for at in range(self.states):
                linear = self.initial[layer * self.states + at]
                yield f"initial.layer{layer}.state{at}.W", linear.weight, False
                yield f"initial.layer{layer}.state{at}.b", linear.bias, False
        start = 0
        for name, size in self.blocks.items():
            yield f"decoder.{name}", self.cells[0].weight_ih[:, start : start + size], True
            start += size
        yield "attention.K", self.key.weight, False
        if self.spec["attention"] == "bahdanau":
            yield "attention.Q", self.query.weight, False
            yield "attention.v", self.energy.weight, False
        for name, linear in [("readout", self.readout), ("output", self.output)]:
            yield f"{name}.W", linear.weight, False
            yield f"{name}.b", linear.bias, False

    @torch.no_grad()
    def load(self, tensors):
        order = GATES[self.spec["cell"]]
        for name, parameter in self.named_parameters():
            if "bias_hh" in name and self.spec["cell"] != "gru":
                parameter.zero_().requires_grad_(False)
        for name, parameter, stacked in self.counterparts():
            ours = tensors[name].view(parameter.shape)
            parameter.copy_(reorder(ours, order) if stacked else ours)

    def save(self):
        order = GATES[self.spec["cell"]]
        inverse = [order.index(gate) for gate in range(len(order))]
        return {
            name: (reorder(parameter.detach(), inverse) if stacked else parameter.detach()).clone().contiguous()
            for name, parameter, stacked in self.counterparts()
        }


def train(case, inputs):
    """Losses of every step, and the weights at the end."""
    model = Translator(case["spec"])
    prefix = f"initial/{case['name']}/"
    model.load({name[len(prefix) :]: tensor for name, tensor in inputs.items() if name.startswith(prefix)})
    weights = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.SGD(weights, case["learningRate"])
    loss_of = nn.CrossEntropyLoss(ignore_index=-1, label_smoothing=case["labelSmoothing"])
    losses = []
    for _ in range(case["steps"]):
        optimizer.zero_grad()
        logits = model(inputs["source"].long(), inputs["lengths"], inputs["target"].long())
        loss = loss_of(logits.flatten(0, 1), inputs["labels"].long().flatten())
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, model


def main(folder):
    torch.set_num_threads(1)
    inputs = load_file(folder / "inputs.safetensors")
    losses, outputs = {}, {}
    for case in json.loads((folder / "cases.json").read_text()):
        name = case["name"]
        losses[name], model = train(case, inputs)
        outputs.update({f"weights/{name}/{parameter}": tensor for parameter, tensor in model.save().items()})
        onnx.checker.check_model(onnx.load(folder / f"{name}.onnx"), full_check=True)
        session = onnxruntime.InferenceSession(folder / f"{name}.onnx", providers=["CPUExecutionProvider"])
        feeds = {
            "ids": inputs["source"].long().numpy(),
            "lengths": inputs["lengths"].int().numpy(),
            "maximum_length": torch.tensor([6]).numpy(),
        }
        tokens, probabilities, _ = session.run(["tokens", "log_probabilities", "attention"], feeds)
        outputs[f"tokens/{name}"] = torch.from_numpy(tokens)
        outputs[f"probabilities/{name}"] = torch.from_numpy(probabilities)
        # The same words by PyTorch: what it finds the most probable after them, and how probable.
        begun = torch.cat([torch.full((len(tokens), 1), 2), torch.from_numpy(tokens)[:, :-1]], dim=1)
        with torch.no_grad():
            scores = model(inputs["source"].long(), inputs["lengths"], begun).log_softmax(2)
        outputs[f"reference/{name}"] = scores.gather(2, torch.from_numpy(tokens)[:, :, None]).squeeze(2).contiguous()
    save_file(outputs, folder / "outputs.safetensors")
    (folder / "losses.json").write_text(json.dumps(losses))


main(Path(sys.argv[1]))
