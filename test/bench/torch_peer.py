"""The peer of the benchmark: answers one JSON request with the median time of a step and the process' peak memory."""

import json
import sys
import time

import torch
from torch import nn

WARM_UP = 4


class Classifier(nn.Module):
    def __init__(self, cell, vocabulary, embedding, hidden, bidirectional=False):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        kind = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[cell]
        self.recurrent = kind(embedding, hidden, batch_first=True, bidirectional=bidirectional)
        self.output = nn.Linear(hidden * (2 if bidirectional else 1), 2)

    def forward(self, ids):
        states, _ = self.recurrent(self.embedding(ids))
        return self.output(states[:, -1])


def median(times):
    return sorted(times)[len(times) // 2] * 1e3


def train(row):
    torch.manual_seed(0)
    model = Classifier(row["cell"], row["vocabulary"], row["embedding"], row["hidden"])
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    loss_of = nn.CrossEntropyLoss()
    ids = torch.randint(0, row["vocabulary"], (row["batch"], row["time"]))
    labels = torch.randint(0, 2, (row["batch"],))
    times = []
    for _ in range(row["steps"] + WARM_UP):
        start = time.perf_counter()
        optimizer.zero_grad()
        loss_of(model(ids), labels).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        times.append(time.perf_counter() - start)
    return median(times[WARM_UP:])


def infer(row):
    torch.manual_seed(0)
    model = Classifier("lstm", 10_000, 100, 128, bidirectional=True).eval()
    ids = torch.randint(0, 10_000, (row["texts"], row["time"]))
    times = []
    with torch.inference_mode():
        for _ in range(row["rounds"] + WARM_UP):
            start = time.perf_counter()
            model(ids)
            times.append(time.perf_counter() - start)
    return median(times[WARM_UP:])


class SequenceClassifier(nn.Module):
    """The set-up of an experiment: padded batches of different lengths, last states of both directions, dropout."""

    def __init__(self, row):
        super().__init__()
        kind = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[row["cell"]]
        self.dropout = nn.Dropout(row["dropout"])
        self.embedding = nn.Embedding(row["vocabulary"], row["embedding"], padding_idx=0)
        self.recurrent = kind(row["embedding"], row["hidden"], batch_first=True, bidirectional=row["bidirectional"])
        self.output = nn.Linear(row["hidden"] * (2 if row["bidirectional"] else 1), row["classes"])

    def forward(self, ids, lengths):
        embedded = self.dropout(self.embedding(ids))
        packed = nn.utils.rnn.pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        _, state = self.recurrent(packed)
        state = state[0] if isinstance(state, tuple) else state
        return self.output(self.dropout(torch.cat(list(state), dim=1)))


def epoch(row):
    """Milliseconds of one epoch over the examples of a file: shuffled batches, padded each to its longest."""
    torch.manual_seed(0)
    with open(row["file"], encoding="utf8") as file:
        examples = [(torch.tensor(ids), label) for ids, label in json.load(file)]
    model = SequenceClassifier(row)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    loss_of = nn.CrossEntropyLoss()
    start = time.perf_counter()
    order = torch.randperm(len(examples)).tolist()
    for first in range(0, len(order), row["batch"]):
        batch = [examples[at] for at in order[first : first + row["batch"]]]
        ids = nn.utils.rnn.pad_sequence([ids for ids, _ in batch], batch_first=True)
        lengths = torch.tensor([len(ids) for ids, _ in batch])
        optimizer.zero_grad()
        loss_of(model(ids, lengths), torch.tensor([label for _, label in batch])).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return (time.perf_counter() - start) * 1e3


def peak_bytes():
    """Largest memory of this process so far; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def main():
    print(json.dumps({"version": torch.__version__}), flush=True)
    request = json.loads(sys.stdin.readline() or "null")
    if request is None:
        return
    torch.set_num_threads(request["threads"])
    work = {"train": train, "infer": infer, "epoch": epoch}[request["kind"]]
    milliseconds = work(request["row"])
    print(json.dumps({"milliseconds": milliseconds, "peakBytes": peak_bytes()}), flush=True)


if __name__ == "__main__":
    main()
