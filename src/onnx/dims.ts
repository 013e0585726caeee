/** Symbolic dimensions: a number, or a polynomial over named sizes in a canonical text such as `B*T` or `2*T+-1`. */

/** A size: a number, or a name (or polynomial of names) whose value is known when the graph runs. */
export type Dim = number | string;
/** The sizes of a tensor's axes, outermost first. */
export type Shape = readonly Dim[];

/** Monomial (sorted names joined by `*`, empty for the constant) → coefficient. */
type Polynomial = Map<string, number>;

function parse(dim: Dim): Polynomial {
  if (typeof dim === 'number') return new Map([['', dim]]);
  const polynomial: Polynomial = new Map();
  for (const term of dim.split('+')) {
    let coefficient = 1;
    const names: string[] = [];
    for (const factor of term.split('*')) {
      if (/^-?\d+$/.test(factor)) coefficient *= Number(factor);
      else names.push(factor);
    }
    const monomial = names.sort().join('*');
    polynomial.set(monomial, (polynomial.get(monomial) ?? 0) + coefficient);
  }
  return polynomial;
}

function render(polynomial: Polynomial): Dim {
  const terms = [...polynomial].filter(([, coefficient]) => coefficient !== 0).sort(([a], [b]) => (a < b ? 1 : -1));
  if (terms.length === 0) return 0;
  if (terms.length === 1 && terms[0]![0] === '') return terms[0]![1];
  return terms
    .map(([monomial, coefficient]) =>
      monomial === '' ? String(coefficient) : coefficient === 1 ? monomial : `${coefficient}*${monomial}`,
    )
    .join('+');
}

/** The sum, in canonical form; 0 for none. */
export function addDims(...dims: Dim[]): Dim {
  const sum: Polynomial = new Map();
  for (const dim of dims) for (const [monomial, c] of parse(dim)) sum.set(monomial, (sum.get(monomial) ?? 0) + c);
  return render(sum);
}

/** The product, in canonical form; 1 for none. */
export function multiplyDims(...dims: Dim[]): Dim {
  let product: Polynomial = new Map([['', 1]]);
  for (const dim of dims) {
    const next: Polynomial = new Map();
    for (const [a, ca] of product) {
      for (const [b, cb] of parse(dim)) {
        const monomial = [...a.split('*'), ...b.split('*')]
          .filter((name) => name !== '')
          .sort()
          .join('*');
        next.set(monomial, (next.get(monomial) ?? 0) + ca * cb);
      }
    }
    product = next;
  }
  return render(product);
}

/** `dim / divisor` where the divisor is one term that divides every term of `dim`; undefined where it does not. */
export function divideDims(dim: Dim, divisor: Dim): Dim | undefined {
  const divisorTerms = [...parse(divisor)];
  if (divisorTerms.length !== 1) return dim === divisor ? 1 : undefined;
  const [divisorMonomial, divisorCoefficient] = divisorTerms[0]!;
  const quotient: Polynomial = new Map();
  for (const [monomial, coefficient] of parse(dim)) {
    if (coefficient % divisorCoefficient !== 0) return undefined;
    const names = monomial.split('*').filter((name) => name !== '');
    for (const name of divisorMonomial.split('*').filter((part) => part !== '')) {
      const at = names.indexOf(name);
      if (at < 0) return undefined;
      names.splice(at, 1);
    }
    quotient.set(names.join('*'), coefficient / divisorCoefficient);
  }
  return render(quotient);
}

/** Terms of a dimension for code that computes it: each a coefficient and the names that it multiplies. */
export function termsOf(dim: Dim): { coefficient: number; names: string[] }[] {
  return [...parse(dim)].map(([monomial, coefficient]) => ({
    coefficient,
    names: monomial.split('*').filter((name) => name !== ''),
  }));
}

/** Whether two shapes are the same, named sizes by their names. */
export function equalShapes(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** A shape as messages show it, `[time, batch, 128]`. */
export function renderShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Number of elements. */
export function sizeOf(shape: Shape): Dim {
  return multiplyDims(...shape);
}

/** The shape of an element-wise result under ONNX's (NumPy's) broadcasting, or undefined where the two do not fit. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) result.push(left);
    else if (left === 1) result.push(right);
    else return undefined;
  }
  return result;
}
