/** The gated recurrent unit (Cho et al. 2014), with the reset gate after the product, as PyTorch and cuDNN have it. */
import type { Value } from '../../onnx/graph';
import { zeros } from '../initializers';
import { type Cell, saturated, shiftGateAtPadding } from './cell';

const gates = 3;

/**
 * z, r = σ(W x + b + R h + b_R); n = tanh(W_n x + b_n + r ⊙ (R_n h + b_Rn)); h' = (1 - z) ⊙ n + z ⊙ h.
 * Gates in ONNX's order z, r, n. The recurrent bias of n stands inside of the reset, so that there are two biases.
 */
export const gru: Cell = {
  gates,
  states: 1,
  hasRecurrentBias: true,
  isUnbounded: false,
  biasInitializer: zeros,
  step: (g, [h], projected, { R, recurrentBias }) => {
    const hidden = h!.shape[0] as number;
    // Apart before the activations: what is stored of them needs no more taking apart.
    const apart = (sums: Value): Value[] => g.Split(sums, Array<number>(gates).fill(hidden), 0);
    const [zInput, rInput, nInput] = apart(projected);
    const [zState, rState, nState] = apart(g.Add(g.MatMul(R, h!), recurrentBias!));
    const [z, r] = [g.Sigmoid(g.Add(zInput!, zState!)), g.Sigmoid(g.Add(rInput!, rState!))];
    const n = g.Tanh(g.Add(nInput!, g.Mul(r, nState!)));
    const one = g.scalar(1, h!.dtype as 'float32' | 'float64');
    return [g.Add(g.Mul(g.Sub(one, z), n), g.Mul(z, h!))];
  },
  // An update gate of 1 keeps h' = 0 ⊙ n + 1 ⊙ h = h, which is 0.
  holdAtZero: (g, projected, mask) => shiftGateAtPadding(g, projected, mask, { index: 0, gates }, saturated),
  fused: (g, x, weights, lengths, hidden, direction, initial) => g.GRU(x, weights, lengths, hidden, direction, initial),
};
