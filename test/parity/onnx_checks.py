"""What ONNX's own tools say of models, and what Python's runtime computes with them."""

import onnx
import onnxruntime


def complaint(path):
    """What the checker or strict shape inference finds wrong with a model, or None."""
    try:
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        return str(error)
    return None


def probabilities(path, inputs):
    """A model's probabilities for each of several inputs."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return [session.run(["probabilities"], feeds)[0] for feeds in inputs]
