/** The plain recurrent cell (Elman 1990) with tanh or ReLU. */
import { zeros } from '../initializers';
import { type Cell, shiftGateAtPadding } from './cell';

/** h' = φ(W x + b + R h), φ = tanh or ReLU. */
export function rnn(activation: 'tanh' | 'relu'): Cell {
  return {
    gates: 1,
    isJoint: true,
    states: 1,
    innerBiasGate: null,
    isUnbounded: activation === 'relu',
    biasInitializer: zeros,
    step: (g, [h], [x], { R: [R] }) => {
      const sum = g.Add(x!, g.MatMul(R!, h!));
      return [activation === 'tanh' ? g.Tanh(sum) : g.Relu(sum)];
    },
    // tanh(0 + R 0) = 0; relu(-10³⁰ + R h) = 0, whatever the state before.
    holdAtZero: (g, [x], mask) => [
      activation === 'tanh' ? g.Mul(x!, mask) : shiftGateAtPadding(g, x!, mask, { index: 0, gates: 1 }, -1e30),
    ],
    fused: (g, x, weights, lengths, hidden, direction, initial) =>
      g.RNN(x, weights, lengths, hidden, direction, activation === 'tanh' ? 'Tanh' : 'Relu', initial),
  };
}
