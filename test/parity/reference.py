"""Computes all references in one process: reads a folder that exchange.ts wrote, and writes its answers there."""

import json
import sys
from pathlib import Path

import onnx
import onnxruntime
import torch
from safetensors.torch import load_file, save_file

from onnx_checks import complaint, probabilities
from torch_training import train


def group(tensors, prefix):
    return {name[len(prefix) :]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def main(folder):
    torch.set_num_threads(1)
    manifest = json.loads((folder / "manifest.json").read_text())
    tensors = load_file(folder / "inputs.safetensors")
    batches = {
        kind: [group(tensors, f"batches/{kind}/{at}/") for at in range(count)]
        for kind, count in manifest["batches"].items()
    }
    answers, results = {}, {}
    for case in manifest["cases"]:
        name = case["name"]
        kind = "padded" if case["padded"] else "full"
        own = [
            {**batch, "masks": group(tensors, f"masks/{name}/{at}/dropout.")} for at, batch in enumerate(batches[kind])
        ]
        losses, norms, weights = train(case, group(tensors, f"initial/{name}/"), own, manifest["steps"])
        answers[name] = {"losses": losses, "norms": norms}
        results.update({f"weights/{name}/{parameter}": tensor for parameter, tensor in weights.items()})
    texts = [
        {name: tensor.numpy() for name, tensor in group(tensors, f"texts/{text}/").items()} for text in manifest["texts"]
    ]
    for name in manifest["exports"]:
        for text, array in zip(manifest["texts"], probabilities(folder / f"{name}.onnx", texts)):
            results[f"probabilities/{name}/{text}"] = torch.from_numpy(array)
    save_file(results, folder / "results.safetensors")
    complaints = {name: complaint(folder / f"{name}.onnx") for name in manifest["models"]}
    versions = {
        "Python": sys.version.split()[0],
        "torch": torch.__version__,
        "onnx": onnx.__version__,
        "onnxruntime": onnxruntime.__version__,
    }
    (folder / "results.json").write_text(
        json.dumps({"versions": versions, "training": answers, "complaints": complaints})
    )


main(Path(sys.argv[1]))
