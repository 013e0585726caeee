/** The gated recurrent unit (Cho et al. 2014), with the reset gate after the product, as PyTorch and cuDNN have it. */
import { zeros } from '../initializers';
import { type Cell, saturated, shiftGateAtPadding } from './cell';

/**
 * z, r = σ(W x + b + R h + b_R); n = tanh(W_n x + b_n + r ⊙ (R_n h + b_Rn)); h' = n + z ⊙ (h - n), which is
 * (1 - z) ⊙ n + z ⊙ h. Gates in ONNX's order z, r, n. The recurrent bias of n stands inside of the reset, so that there are two
 * biases.
 */
export const gru: Cell = {
  gates: 3,
  isJoint: false,
  states: 1,
  innerBiasGate: 2,
  isUnbounded: false,
  biasInitializer: zeros,
  step: (g, [h], [zInput, rInput, nInput], { R, innerBias }) => {
    const [zState, rState, nState] = R.map((weights) => g.MatMul(weights, h!));
    const [z, r] = [g.Sigmoid(g.Add(zInput!, zState!)), g.Sigmoid(g.Add(rInput!, rState!))];
    const n = g.Tanh(g.Add(nInput!, g.Mul(r, g.Add(nState!, innerBias!))));
    return [g.Add(n, g.Mul(z, g.Sub(h!, n)))];
  },
  // An update gate of 1 keeps h' = n + 1 ⊙ (0 - n), which is 0.
  holdAtZero: (g, [z, r, n], mask) => [shiftGateAtPadding(g, z!, mask, { index: 0, gates: 1 }, saturated), r!, n!],
  fused: (g, x, weights, lengths, hidden, direction, initial) => g.GRU(x, weights, lengths, hidden, direction, initial),
};
