/** The LSTM cell (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000). */
import { oneInGate } from '../initializers';
import { type Cell, saturated, shiftGateAtPadding } from './cell';

const gates = 4;

/**
 * i, o, f = σ(W x + R h + b); g = tanh(W_g x + R_g h + b_g); c' = f ⊙ c + i ⊙ g; h' = o ⊙ tanh(c').
 * Gates in ONNX's order i, o, f, g. One bias: the recurrent one would add nothing.
 */
export const lstm: Cell = {
  gates,
  isJoint: true,
  states: 2,
  innerBiasGate: null,
  isUnbounded: false,
  biasInitializer: oneInGate(2, gates),
  step: (graph, [h, c], [projected], { R: [R] }) => {
    const hidden = h!.shape[0] as number;
    const sums = graph.Add(projected!, graph.MatMul(R!, h!));
    // Apart before the activations: what is stored of them needs no more taking apart.
    const [input, output, forget, candidate] = graph.Split(sums, Array<number>(gates).fill(hidden), 0);
    const [i, o, f] = [graph.Sigmoid(input!), graph.Sigmoid(output!), graph.Sigmoid(forget!)];
    const nextC = graph.Add(graph.Mul(f, c!), graph.Mul(i, graph.Tanh(candidate!)));
    return [graph.Mul(o, graph.Tanh(nextC)), nextC];
  },
  // A closed input gate leaves c' = f ⊙ 0 + 0 = 0, and so h' = 0.
  holdAtZero: (g, [projected], mask) => [shiftGateAtPadding(g, projected!, mask, { index: 0, gates }, -saturated)],
  fused: (g, x, weights, lengths, hidden, direction, initial) =>
    g.LSTM(x, weights, lengths, hidden, direction, initial),
};
