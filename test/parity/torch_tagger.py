"""Trains taggers with PyTorch's recurrent modules and a CRF as a plain loop over time; must not repeat our equations."""

import json
import sys
from pathlib import Path

import onnx
import onnxruntime
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from torch_training import Classifier


class Tagger(Classifier):
    def __init__(self, spec):
        super().__init__({**spec, "classes": spec["tags"]}, sparse=False, split=False)
        tags = spec["tags"]
        self.crf = spec["crf"]
        if self.crf:
            self.transitions = nn.Parameter(torch.zeros(tags, tags))
            self.start = nn.Parameter(torch.zeros(tags))
            self.end = nn.Parameter(torch.zeros(tags))

    def counterparts(self):
        yield from super().counterparts()
        if self.crf:
            for name in ("transitions", "start", "end"):
                yield f"crf.{name}", getattr(self, name), False

    def emissions(self, ids, lengths):
        """Scores [time, batch, tags] of ids [time, batch]."""
        packed, _ = self.recurrent[0](pack_padded_sequence(self.embedding(ids), lengths, enforce_sorted=False))
        return self.output(pad_packed_sequence(packed)[0])

    def loss(self, ids, lengths, tags):
        emissions = self.emissions(ids, lengths)
        losses, tokens = [], 0
        for column, length in enumerate(lengths.tolist()):
            scores, gold = emissions[:length, column], tags[:length, column].long()
            tokens += length
            if not self.crf:
                losses.append(nn.functional.cross_entropy(scores, gold, reduction="sum"))
                continue
            path = self.start[gold[0]] + self.end[gold[-1]] + scores.gather(1, gold[:, None]).sum()
            for before, after in zip(gold[:-1], gold[1:]):
                path = path + self.transitions[after, before]
            alpha = self.start + scores[0]
            for step in scores[1:]:
                alpha = step + torch.logsumexp(self.transitions + alpha, dim=1)
            losses.append(torch.logsumexp(alpha + self.end, dim=0) - path)
        return torch.stack(losses).sum() / (len(losses) if self.crf else tokens)


def train(case, inputs):
    """Losses of every step, and the weights at the end."""
    model = Tagger(case["spec"])
    prefix = f"initial/{case['name']}/"
    model.load({name[len(prefix) :]: tensor for name, tensor in inputs.items() if name.startswith(prefix)})
    weights = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.SGD(weights, case["learningRate"])
    losses = []
    for _ in range(case["steps"]):
        optimizer.zero_grad()
        loss = model.loss(inputs["ids"], inputs["lengths"], inputs["tags"])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, model.save()


def main(folder):
    cases = json.loads((folder / "cases.json").read_text())
    inputs = load_file(folder / "inputs.safetensors")
    losses, outputs = {}, {}
    for case in cases:
        name = case["name"]
        losses[name], weights = train(case, inputs)
        outputs |= {f"weights/{name}/{parameter}": tensor for parameter, tensor in weights.items()}
        path = folder / f"{name}.onnx"
        onnx.checker.check_model(onnx.load(path), full_check=True)
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        feeds = {"ids": inputs["ids"].T.long().numpy(), "lengths": inputs["lengths"].int().numpy()}
        outputs[f"emissions/{name}"] = torch.from_numpy(session.run(["emissions"], feeds)[0]).contiguous()
    (folder / "losses.json").write_text(json.dumps(losses))
    save_file(outputs, folder / "outputs.safetensors")


main(Path(sys.argv[1]))
