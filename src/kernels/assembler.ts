/** WebAssembly's binary format, as far as loops over arrays need it; knows no graphs. https://webassembly.github.io/spec/core/binary */

/** Types of values, by their codes. */
export const types = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type Type = keyof typeof types;

/** Instructions on four numbers at once begin with this byte. */
const simd = 0xfd;

/** Instructions without operands in the code, by name. */
const instructions = {
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.mul': [0x6c],
  'i32.and': [0x71],
  'i32.shl': [0x74],
  'i32.lt_u': [0x49],
  'f32.sqrt': [0x91],
  'f32.add': [0x92],
  'f32.sub': [0x93],
  'f32.mul': [0x94],
  'f32.div': [0x95],
  'f32.min': [0x96],
  'f32.max': [0x97],
  'f64.add': [0xa0],
  'f64.mul': [0xa2],
  'f64.promote_f32': [0xbb],
  'f32x4.splat': [simd, 0x13],
  'f32x4.sqrt': [simd, 0xe3, 0x01],
  'f32x4.add': [simd, 0xe4, 0x01],
  'f32x4.sub': [simd, 0xe5, 0x01],
  'f32x4.mul': [simd, 0xe6, 0x01],
  'f32x4.div': [simd, 0xe7, 0x01],
  'f32x4.min': [simd, 0xe8, 0x01],
  'f32x4.max': [simd, 0xe9, 0x01],
  'f64x2.promote_low_f32x4': [simd, 0x5f],
  'f64x2.add': [simd, 0xf0, 0x01],
  'f64x2.mul': [simd, 0xf2, 0x01],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export type Instruction = keyof typeof instructions;

/** A function under construction. */
export class FunctionCode {
  private readonly code: number[] = [];
  private readonly locals: Type[] = [];

  /** @param result type of the result; null for none */
  constructor(
    readonly name: string,
    readonly parameters: readonly Type[],
    readonly result: Type | null = null,
  ) {}

  /** The number of a new local variable; parameters are numbered before it. */
  local(type: Type): number {
    this.locals.push(type);
    return this.parameters.length + this.locals.length - 1;
  }

  do(...names: readonly Instruction[]): this {
    for (const name of names) this.code.push(...instructions[name]);
    return this;
  }

  get(local: number): this {
    return this.emit(0x20, ...unsigned(local));
  }

  set(local: number): this {
    return this.emit(0x21, ...unsigned(local));
  }

  /** A whole number, signed. */
  integer(value: number): this {
    return this.emit(0x41, ...signed(value));
  }

  float(value: number): this {
    return this.emit(0x43, ...new Uint8Array(Float32Array.of(value).buffer));
  }

  /** Loads from the address on the stack. */
  load(type: 'i32' | 'f32' | 'v128'): this {
    if (type === 'i32') return this.emit(0x28, 2, 0);
    return type === 'f32' ? this.emit(0x2a, 2, 0) : this.emit(simd, 0x00, 4, 0);
  }

  /** Stores a value at the address below it on the stack. */
  store(type: 'f32' | 'v128'): this {
    return type === 'f32' ? this.emit(0x38, 2, 0) : this.emit(simd, 0x0b, 4, 0);
  }

  /** The two upper numbers of four, in the lower places. */
  upperHalf(vector: number): this {
    const bytes = Array.from({ length: 16 }, (_, at) => (at + 8) % 16);
    return this.get(vector)
      .get(vector)
      .emit(simd, 0x0d, ...bytes);
  }

  /** One of two numbers of double precision. */
  lane(place: 0 | 1): this {
    return this.emit(simd, 0x21, place);
  }

  /** Calls the function of a number, by the order in the module, with what is on the stack. */
  call(number: number): this {
    return this.emit(0x10, ...unsigned(number));
  }

  /** Does a body where the number on the stack is not zero. */
  if(body: () => void): this {
    this.emit(0x04, 0x40);
    body();
    return this.emit(0x0b);
  }

  /** Repeats a body while a counter is below a limit; the body raises the counter. */
  while(counter: number, limit: number, body: () => void): this {
    const test = (): this => this.get(counter).get(limit).do('i32.lt_u');
    test().emit(0x04, 0x40).emit(0x03, 0x40);
    body();
    return test().emit(0x0d, 0).emit(0x0b, 0x0b);
  }

  /** Code with its local variables, as a module holds it. */
  encode(): number[] {
    const locals = this.locals.flatMap((type) => [1, types[type]]);
    return sized([...unsigned(this.locals.length), ...locals, ...this.code, 0x0b]);
  }

  private emit(...bytes: readonly number[]): this {
    this.code.push(...bytes);
    return this;
  }
}

/** A module of functions over the memory that it imports as `memory.numbers`. */
export function encodeModule(functions: readonly FunctionCode[], memory: WebAssembly.MemoryDescriptor): Uint8Array {
  const signatures = functions.map(({ parameters, result }) => [
    0x60,
    ...sized(parameters.map((type) => types[type])),
    ...sized(result === null ? [] : [types[result]]),
  ]);
  const limits = [memory.shared === true ? 0x03 : 0x01, ...unsigned(memory.initial), ...unsigned(memory.maximum)];
  const section = (id: number, entries: readonly (readonly number[])[]): number[] => [
    id,
    ...sized([...unsigned(entries.length), ...entries.flat()]),
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, signatures),
    ...section(2, [[...text('memory'), ...text('numbers'), 0x02, ...limits]]),
    ...section(
      3,
      functions.map((_, at) => unsigned(at)),
    ),
    ...section(
      7,
      functions.map(({ name }, at) => [...text(name), 0x00, ...unsigned(at)]),
    ),
    ...section(
      10,
      functions.map((code) => code.encode()),
    ),
  ]);
}

/** Bytes after their number. */
function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(name: string): number[] {
  return sized([...new TextEncoder().encode(name)]);
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return [...bytes, rest];
}

/** LEB128 of a number with a sign. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -0x40 || rest > 0x3f; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest & 0x7f];
}
