/**
 * The derivative of a loop, which is back-propagation through time: a second Scan that runs backwards. It knows nothing
 * of cells: any body, any number of states and scanned inputs, and tensors from outside that the body uses.
 */
import { equalShapes } from '../onnx/dims';
import { isFloat } from '../onnx/dtypes';
import type { AnyNode, Node, Value } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graphBuilder';
import { BackwardStep } from './backwardStep';
import { isElementwise, isLiftable, lift, repeated } from './lift';
import { Residuals, typicalElements } from './residuals';
import { applyRule, capturesOf, dependents, Gradients, type Walk, walkBack } from './walk';

type FloatDType = 'float32' | 'float64';

/** An input of a node in the body that comes from outside: its gradient is a sum over all steps. */
interface CapturedUse {
  readonly node: AnyNode;
  readonly input: number;
}

export function scanGradient(scan: Node<'Scan'>, walk: Walk): void {
  const { g } = walk;
  const body = scan.body as GraphBuilder;
  const scannedCount = scan.attributes.num_scan_inputs;
  const stateCount = scan.inputs.length - scannedCount;
  const time = scan.inputs[stateCount]!.shape[0]!;
  const wanted = scan.inputs.map((input) => input !== null && isFloat(input.dtype) && walk.active.has(input));
  const captures = capturesOf(body).filter((value) => walk.active.has(value));
  const active = activeInBody(body, stateCount, wanted, captures);
  const activeStates = [...Array(stateCount).keys()].filter((at) => active.has(body.inputs[at]!));

  // The gradient of one step, as a graph of its own.
  const draft = new GraphBuilder(g.fresh('draft'), g);
  const gradients = new Gradients(draft);
  const forwardValues = new Map<Value, Value>();
  const stands = new Map<Value, Value>();
  const residuals = new Residuals(g, scan, walk.resolve, (value) => stands.has(value));
  const resolve = (value: Value): Value => {
    if (value.graph !== body) return walk.resolve(value);
    let stand = stands.get(value);
    if (stand === undefined) {
      stand = draft.input(g.fresh('forward'), value.dtype, value.shape);
      stands.set(value, stand);
      forwardValues.set(stand, value);
    }
    return stand;
  };
  const stateGradients = activeStates.map((at) => {
    const { value } = body.outputs[at]!;
    const gradient = draft.input(g.fresh('gradient'), value.dtype, value.shape);
    gradients.add(value, gradient);
    return gradient;
  });
  const outputGradients = scan.outputs.slice(stateCount).flatMap((output, at) => {
    const outer = walk.gradients.get(output);
    const { value } = body.outputs[stateCount + at]!;
    if (outer === undefined || !active.has(value)) return [];
    const inner = draft.input(g.fresh('gradient'), value.dtype, value.shape);
    gradients.add(value, inner);
    return [{ inner, outer, direction: scan.attributes.scan_output_directions[at]! }];
  });
  const uses: CapturedUse[] = [];
  walkBack({
    g: draft,
    nodes: body.nodes,
    gradients,
    active,
    resolve,
    intercept: (node, input) => {
      if (node.inputs[input]!.graph === body) return false;
      uses.push({ node, input });
      return true;
    },
    scan: walk.scan,
  });

  // What has to stay in the backward loop, and what is computed around it.
  const step = new BackwardStep(g, draft, time, (input) => {
    const forward = forwardValues.get(input);
    if (forward !== undefined) return residuals.get(forward);
    const output = outputGradients.find(({ inner, direction }) => inner === input && direction === 0);
    return output === undefined ? undefined : { value: output.outer, stacked: true };
  });
  const stateInputs = stateGradients.map((gradient) => step.addState(gradient));
  for (const { inner, outer, direction } of outputGradients) if (direction === 1) step.addScanned(inner, outer, false);

  const stacked: { value: Value; fromEnd: boolean; receivers: ((sequence: Value) => void)[] }[] = [];
  const stack = (value: Value, fromEnd: boolean, receive: (sequence: Value) => void): void => {
    if (fromEnd && step.isStatic(value)) {
      receive(repeated(g, step.asLifted(value), time));
      return;
    }
    const inner = step.asStep(value);
    const same = stacked.find((other) => other.value === inner && other.fromEnd === fromEnd);
    if (same === undefined) stacked.push({ value: inner, fromEnd, receivers: [receive] });
    else same.receivers.push(receive);
  };
  for (let at = 0; at < scannedCount; at++) {
    const gradient = gradients.get(body.inputs[stateCount + at]!);
    if (gradient === undefined || !wanted[stateCount + at]) continue;
    const fromEnd = scan.attributes.scan_input_directions[at] === 0;
    stack(gradient, fromEnd, (sequence) => {
      walk.gradients.add(scan.inputs[stateCount + at]!, sequence);
    });
  }

  const sums: { inner: Value; next: Value; capture: Value }[] = [];
  const accumulate = (capture: Value, contribution: Value): void => {
    const sum = draft.input(g.fresh('sum'), capture.dtype, capture.shape);
    const inner = step.addState(sum);
    sums.push({ inner, next: step.asStep(draft.Add(sum, contribution)), capture });
  };
  for (const { node, input } of uses) {
    const capture = node.inputs[input]!;
    const only = node.inputs.map((_, other) => other === input);
    if (canWait(node, input)) {
      // The same rule on all steps at once: for a product one product over [steps * columns], for a bias one sum.
      stack(gradients.get(node.outputs[0]!)!, true, (sequence) => {
        const operands = node.inputs.map((value) => {
          if (value === null) return null;
          // The gradient of a sum asks for no values: any of this shape will do, and none is stored.
          const isUnread = isSum(node) && value.graph === body && equalShapes(value.shape, node.outputs[0]!.shape);
          return isUnread ? { value: sequence, stacked: true } : residuals.get(value);
        });
        const all = lift(g, node, operands, time)[0]!;
        const whole = new Gradients(g);
        whole.add(all, sequence);
        const found = applyRule({ ...walk, gradients: whole, resolve: (value) => value }, all.producer!, only)[input]!;
        walk.gradients.add(capture, found);
      });
    } else {
      const contribution = applyRule({ ...walk, g: draft, gradients, resolve }, node, only)[input];
      if (contribution !== undefined && contribution !== null) accumulate(capture, contribution);
    }
  }
  // What loops inside of the body use from outside of this one.
  for (const capture of captures) {
    const contribution = gradients.get(capture);
    if (contribution !== undefined) accumulate(capture, contribution);
  }

  const zeros = (value: Value): Value => g.zeros(value.shape, value.dtype as FloatDType);
  const states = activeStates.map((at, place) => {
    const input = body.inputs[at]!;
    const gradient = gradients.get(input);
    return {
      initial: walk.gradients.get(scan.outputs[at]!) ?? zeros(input),
      inner: stateInputs[place]!,
      next: gradient === undefined ? zeros(input) : step.asStep(gradient),
    };
  });
  if (states.length + sums.length + stacked.length === 0) return;
  const results = g.loop(step.body, {
    states: [...states, ...sums.map(({ inner, next, capture }) => ({ initial: zeros(capture), inner, next }))],
    scanned: step.scanned,
    outputs: stacked,
  });
  activeStates.forEach((at, place) => {
    if (wanted[at] === true) walk.gradients.add(scan.inputs[at]!, results[place]!);
  });
  sums.forEach(({ capture }, at) => {
    walk.gradients.add(capture, results[states.length + at]!);
  });
  stacked.forEach(({ receivers }, at) => {
    for (const receive of receivers) receive(results[states.length + sums.length + at]!);
  });
}

/** Body values that depend on something whose gradient is wanted; a state does where any step makes it so. */
function activeInBody(
  body: GraphBuilder,
  stateCount: number,
  wanted: readonly boolean[],
  captures: readonly Value[],
): Set<Value> {
  const sources = new Set<Value>([...captures, ...body.inputs.filter((_, at) => wanted[at] === true)]);
  for (;;) {
    const active = dependents(body.nodes, sources);
    const found = body.inputs
      .slice(0, stateCount)
      .filter((input, at) => !active.has(input) && active.has(body.outputs[at]!.value));
    if (found.length === 0) return active;
    for (const input of found) sources.add(input);
  }
}

/**
 * Whether the gradient of a captured input is found after the loop from stacked operands, which pays where the operator
 * sums over no less than the captured tensor has elements; else it is summed up step by step.
 */
function canWait(node: AnyNode, input: number): boolean {
  const body = node.outputs[0]!.graph;
  const stacked = node.inputs.map((value) => value?.graph === body);
  if (!stacked.includes(true) || !isLiftable(node, stacked)) return false;
  if (node.op === 'MatMul' || node.op === 'Gather') return true;
  return isElementwise(node.op) && typicalElements(node.inputs[input]!) <= typicalElements(node.outputs[0]!);
}

const isSum = ({ op }: AnyNode): boolean => op === 'Add' || op === 'Sub';
