"""Trains PyTorch's own modules with PyTorch's own optimizers; must not repeat our equations."""

import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_, clip_grad_value_, get_total_norm
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

# ONNX stacks the gates of the LSTM as i, o, f, g and of the GRU as z, r, n; PyTorch as i, f, g, o and r, z, n.
# Which of our blocks stands at each of PyTorch's places:
GATES = {"rnn": [0], "rnn-relu": [0], "gru": [1, 0, 2], "lstm": [0, 2, 3, 1]}


def reorder(stacked, order):
    blocks = stacked.chunk(len(order))
    return torch.cat([blocks[gate] for gate in order])


class Classifier(nn.Module):
    """The recurrent layers are one module; where masks must come between them, one module each."""

    def __init__(self, spec, sparse, split):
        super().__init__()
        self.spec = spec
        self.split = split
        self.directions = 2 if spec["bidirectional"] else 1
        self.embedding = nn.Embedding(spec["vocabulary"], spec["embedding"], sparse=sparse)
        features = spec["hidden"] * self.directions
        inputs = [spec["embedding"]] + [features] * (spec["layers"] - 1) if split else [spec["embedding"]]
        layers = 1 if split else spec["layers"]
        self.recurrent = nn.ModuleList(self.make_recurrent(size, layers) for size in inputs)
        self.output = nn.Linear(features, spec["classes"])

    def make_recurrent(self, size, layers):
        options = dict(num_layers=layers, bidirectional=self.spec["bidirectional"])
        return {
            "rnn": lambda: nn.RNN(size, self.spec["hidden"], nonlinearity="tanh", **options),
            "rnn-relu": lambda: nn.RNN(size, self.spec["hidden"], nonlinearity="relu", **options),
            "gru": lambda: nn.GRU(size, self.spec["hidden"], **options),
            "lstm": lambda: nn.LSTM(size, self.spec["hidden"], **options),
        }[self.spec["cell"]]()

    def forward(self, ids, lengths, masks):
        """Logits [batch, classes] of ids [time, batch]; masks of dropout by site, none without dropout."""
        sequence = self.embedding(ids)
        if self.split:
            sequence = sequence * masks["embedding"]
        for at, module in enumerate(self.recurrent):
            if at > 0:
                sequence = sequence * masks[f"layer{at}"].transpose(1, 2)
            packed, state = module(pack_padded_sequence(sequence, lengths, enforce_sorted=False))
            sequence, _ = pad_packed_sequence(packed)
        h = state[0] if self.spec["cell"] == "lstm" else state
        last_layer = h.view(-1, self.directions, ids.shape[1], self.spec["hidden"])[-1]
        final = torch.cat(list(last_layer), dim=1)
        if self.split:
            final = final * masks["output"].T
        return self.output(final)

    def counterparts(self):
        """Our parameters' names with PyTorch's parameters and whether their rows are stacked gates."""
        yield "embedding", self.embedding.weight, False
        yield "output.W", self.output.weight, False
        yield "output.b", self.output.bias, False
        for layer in range(self.spec["layers"]):
            for ours, theirs in [("forward", ""), ("backward", "_reverse")][: self.directions]:
                kinds = {"W": "weight_ih", "R": "weight_hh", "b": "bias_ih"}
                if self.spec["cell"] == "gru":
                    kinds["rb"] = "bias_hh"
                module, inner = (self.recurrent[layer], 0) if self.split else (self.recurrent[0], layer)
                for kind, name in kinds.items():
                    yield f"layer{layer}.{ours}.{kind}", getattr(module, f"{name}_l{inner}{theirs}"), True

    @torch.no_grad()
    def load(self, tensors):
        """Takes our weights; a second bias that ours does not have is zero and stays so."""
        order = GATES[self.spec["cell"]]
        for name, parameter in self.recurrent.named_parameters():
            if "bias_hh" in name and self.spec["cell"] != "gru":
                parameter.zero_().requires_grad_(False)
        for name, parameter, stacked in self.counterparts():
            ours = tensors[name]
            parameter.copy_((reorder(ours, order) if stacked else ours).view_as(parameter))

    def save(self):
        """The weights by our names, in our order of gates."""
        order = GATES[self.spec["cell"]]
        inverse = [order.index(gate) for gate in range(len(order))]
        return {
            name: (reorder(parameter.detach(), inverse) if stacked else parameter.detach()).clone().contiguous()
            for name, parameter, stacked in self.counterparts()
        }


def make_optimizers(model, case):
    settings, rate = case["optimizer"], case["learningRate"]
    weights = [parameter for parameter in model.parameters() if parameter.requires_grad]
    decay = settings["weightDecay"]
    if settings["type"] == "sgd":
        momentum, nesterov = settings["momentum"], settings["nesterov"]
        return [torch.optim.SGD(weights, rate, momentum=momentum, nesterov=nesterov, weight_decay=decay)]
    if settings["type"] == "rmsprop":
        alpha, epsilon, momentum = settings["alpha"], settings["epsilon"], settings["momentum"]
        return [torch.optim.RMSprop(weights, rate, alpha, epsilon, decay, momentum)]
    betas, epsilon = (settings["beta1"], settings["beta2"]), settings["epsilon"]
    if settings["type"] == "adamw":
        return [torch.optim.AdamW(weights, rate, betas, epsilon, decay)]
    if not case["sparseEmbedding"]:
        return [torch.optim.Adam(weights, rate, betas, epsilon, decay)]
    rest = [parameter for parameter in weights if parameter is not model.embedding.weight]
    return [
        torch.optim.SparseAdam([model.embedding.weight], rate, betas, epsilon),
        torch.optim.Adam(rest, rate, betas, epsilon, decay),
    ]


def clip_with_sparse(weights, largest):
    """clip_grad_norm_'s formula where a gradient is sparse, which that function does not take."""
    for weight in weights:
        if weight.grad.is_sparse:
            weight.grad = weight.grad.coalesce()
    values = [weight.grad.values() if weight.grad.is_sparse else weight.grad for weight in weights]
    norm = get_total_norm(values)
    scale = min(1.0, largest / (norm.item() + 1e-6))
    for value in values:
        value.mul_(scale)
    return norm


def clip(weights, case):
    """Clips in place; the norm before."""
    value, largest = case["clip"].get("value"), case["clip"].get("norm")
    if case["sparseEmbedding"]:
        return clip_with_sparse(weights, largest)
    norm = get_total_norm([weight.grad for weight in weights])
    if value is not None:
        clip_grad_value_(weights, value)
    if largest is not None:
        clip_grad_norm_(weights, largest)
    return norm


def train(case, initial, batches, steps):
    """Losses and norms of gradients of every step, and the weights at the end."""
    model = Classifier(case["spec"], case["sparseEmbedding"], split=case["dropout"] > 0)
    model.load(initial)
    weights = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizers = make_optimizers(model, case)
    class_weights = None if case["classWeights"] is None else torch.tensor(case["classWeights"], dtype=torch.float32)
    loss_of = nn.CrossEntropyLoss(class_weights, label_smoothing=case["labelSmoothing"])
    losses, norms = [], []
    for step in range(steps):
        batch = batches[step % len(batches)]
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss = loss_of(model(batch["ids"], batch["lengths"], batch["masks"]), batch["labels"].long())
        loss.backward()
        norms.append(clip(weights, case).item())
        for optimizer in optimizers:
            optimizer.step()
        losses.append(loss.item())
    return losses, norms, model.save()
