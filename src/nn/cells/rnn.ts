/** The plain recurrent cell (Elman 1990) with tanh or ReLU. */
import { zeros } from '../initializers';
import type { Cell } from './cell';

/** h' = φ(W x + b + R h), φ = tanh or ReLU. */
export function rnn(activation: 'tanh' | 'relu'): Cell {
  return {
    gates: 1,
    states: 1,
    hasRecurrentBias: false,
    biasInitializer: zeros,
    step: (g, [h], projected, { R }) => {
      const sum = g.Add(projected, g.MatMul(R, h!));
      return [activation === 'tanh' ? g.Tanh(sum) : g.Relu(sum)];
    },
    // φ(0 + R 0) = 0.
    holdAtZero: (g, projected, mask) => g.Mul(projected, mask),
    fused: (g, x, weights, lengths, hidden, direction) =>
      g.RNN(x, weights, lengths, hidden, direction, activation === 'tanh' ? 'Tanh' : 'Relu'),
  };
}
