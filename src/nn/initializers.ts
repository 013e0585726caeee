/** Starting values of parameters. Knows nothing of graphs. */

/** Uniform numbers in [0, 1). */
export type Uniform = () => number;

/** Fills a parameter of a shape, in row-major order. */
export type Initializer = (shape: readonly number[], random: Uniform) => Float32Array;

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export const zeros: Initializer = (shape) => new Float32Array(size(shape));

/** U(-a, a) with a = √(6 / (fan in + fan out)) of a `[out, in]` matrix (Glorot & Bengio 2010). */
export const glorotUniform: Initializer = ([rows, columns], random) => {
  const bound = Math.sqrt(6 / (rows! + columns!));
  return Float32Array.from({ length: rows! * columns! }, () => (2 * random() - 1) * bound);
};

/** N(0, deviation²) by the Box–Muller transform. */
export function normal(deviation: number): Initializer {
  return (shape, random) => Float32Array.from({ length: size(shape) }, () => deviation * gaussian(random));
}

/** The same initializer for each of `gates` blocks of rows: a gate's matrix has its own fans and its own rotation. */
export function perGate(gates: number, initializer: Initializer): Initializer {
  return ([rows, columns], random) => {
    const whole = new Float32Array(rows! * columns!);
    const block = [rows! / gates, columns!];
    for (let gate = 0; gate < gates; gate++) whole.set(initializer(block, random), gate * size(block));
    return whole;
  };
}

/** A random orthogonal matrix: Gram–Schmidt on the rows of a Gaussian one (Saxe et al. 2014). `[n, n]`. */
export const orthogonal: Initializer = ([rows, columns], random) => {
  if (rows !== columns) throw new Error(`An orthogonal matrix is square; found [${rows}, ${columns}].`);
  const n = rows!;
  const matrix = Float64Array.from({ length: n * n }, () => gaussian(random));
  for (let row = 0; row < n; row++) {
    const current = matrix.subarray(row * n, (row + 1) * n);
    // Twice is enough (Kahan): the second pass removes what rounding left of the first.
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < row; other++) {
        const earlier = matrix.subarray(other * n, (other + 1) * n);
        let dot = 0;
        for (let at = 0; at < n; at++) dot += current[at]! * earlier[at]!;
        for (let at = 0; at < n; at++) current[at]! -= dot * earlier[at]!;
      }
    }
    let norm = 0;
    for (let at = 0; at < n; at++) norm += current[at]! ** 2;
    norm = Math.sqrt(norm);
    for (let at = 0; at < n; at++) current[at]! /= norm;
  }
  return Float32Array.from(matrix);
};

/** Zeros but for ones in the rows of one gate: a forget gate that starts open (Jozefowicz et al. 2015). */
export function oneInGate(gate: number, gates: number): Initializer {
  return (shape) => {
    const bias = new Float32Array(size(shape));
    const hidden = bias.length / gates;
    return bias.fill(1, gate * hidden, (gate + 1) * hidden);
  };
}

function gaussian(random: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
