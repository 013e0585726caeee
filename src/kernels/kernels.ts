/**
 * Element-wise graphs as loops: one pass over memory for all operators, four numbers at a time, where a runtime makes a pass
 * for each operator. Same operators in the same order in single precision, so the results are the runtime's, to the last bit.
 */
import type { AnyNode, Graph, InPlaceGraph, Value } from '../onnx/graph';
import type { Operator } from '../onnx/operators';
import { encodeModule, FunctionCode, type Instruction, type Type } from './assembler';
import type { Heap } from './heap';

/** Works on `count` numbers; vectors by their offsets in bytes, and scalars, in the order of the graph's inputs. */
export type Kernel = (count: number, ...inputs: readonly number[]) => void;

/**
 * Works on `rows` rows of `width` numbers. Vectors that are written over are tables, whose rows are named by the whole numbers
 * at `numbers`; the others have the rows one behind the other. Rows whose number is below `from`, or not below `to`, are left
 * out.
 */
export type RowKernel = (
  numbers: number,
  rows: number,
  width: number,
  from: number,
  to: number,
  ...inputs: readonly number[]
) => void;

export interface Kernels<Name extends string> {
  readonly run: Readonly<Record<Name, Kernel>>;
  readonly runRows: Readonly<Record<Name, RowKernel>>;
  /** Sum of the squares of `count` numbers, in double precision. */
  readonly sumOfSquares: (count: number, offset: number) => number;
}

const sumOfSquares = 'sumOfSquares';
const rowsOf = (name: string): string => `${name}.rows`;
const isVector = (value: Value): boolean => value.shape.length > 0;
const inputTypes = (graph: Graph): Type[] => graph.inputs.map((input) => (isVector(input) ? 'i32' : 'f32'));

/** Compiled kernels and the memory that they work on; goes to other threads as it is where the memory is shared. */
export interface KernelProgram<Name extends string> {
  readonly names: readonly Name[];
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** Compiles kernels that work on a heap. */
export function compileKernels<Name extends string>(
  { descriptor, memory }: Heap,
  sources: Readonly<Record<Name, InPlaceGraph>>,
): KernelProgram<Name> {
  const functions = Object.entries<InPlaceGraph>(sources).flatMap(([name, source], at) => [
    compileGraph(name, source),
    compileRows(name, source, 2 * at),
  ]);
  const module = new WebAssembly.Module(encodeModule([...functions, compileSumOfSquares()], descriptor));
  return { names: Object.keys(sources) as Name[], module, memory };
}

/** Kernels for the calling thread. */
export function loadKernels<Name extends string>({ names, module, memory }: KernelProgram<Name>): Kernels<Name> {
  const { exports } = new WebAssembly.Instance(module, { memory: { numbers: memory } });
  return {
    run: exports as Kernels<Name>['run'],
    runRows: Object.fromEntries(names.map((name) => [name, exports[rowsOf(name)]])) as Kernels<Name>['runRows'],
    sumOfSquares: exports[sumOfSquares] as Kernels<Name>['sumOfSquares'],
  };
}

/** Instructions by operator, for one number and for four. */
const operators: Partial<Readonly<Record<Operator, string>>> = {
  Add: 'add',
  Sub: 'sub',
  Mul: 'mul',
  Div: 'div',
  Min: 'min',
  Max: 'max',
  Sqrt: 'sqrt',
};

function instruction(node: AnyNode, type: 'f32' | 'v128'): Instruction {
  const name = operators[node.op];
  if (name === undefined) throw new Error(`A kernel cannot do ${node.op}.`);
  return `${type === 'f32' ? 'f32' : 'f32x4'}.${name}` as Instruction;
}

/** Bytes of one number and of four. */
const width = { f32: 4, v128: 16 } as const;

function compileGraph(name: string, { graph, into }: InPlaceGraph): FunctionCode {
  const code = new FunctionCode(name, ['i32', ...inputTypes(graph)]);
  const parameter = (value: Value): number => graph.inputs.indexOf(value) + 1;
  const target = (output: string): number => {
    const input = graph.inputs.find((one) => one.name === into[output]);
    if (input === undefined || !isVector(input))
      throw new Error(`The kernel's output ${output} has no vector to go into.`);
    return parameter(input);
  };

  // Scalars are the same in every round: computed once, and held as four equal numbers beside.
  const scalars = new Map<Value, number>();
  for (const input of graph.inputs) if (!isVector(input)) scalars.set(input, parameter(input));
  for (const { value, data } of graph.constants) {
    const local = code.local('f32');
    code.float(Number(data[0])).set(local);
    scalars.set(value, local);
  }
  const compute = (nodes: readonly AnyNode[], type: 'f32' | 'v128', locals: Map<Value, number>): void => {
    for (const node of nodes) {
      for (const input of node.inputs) code.get(locals.get(input!)!);
      const local = code.local(type);
      code.do(instruction(node, type)).set(local);
      locals.set(node.outputs[0]!, local);
    }
  };
  const vectorNodes = graph.nodes.filter(({ outputs }) => isVector(outputs[0]!));
  compute(
    graph.nodes.filter((node) => !vectorNodes.includes(node)),
    'f32',
    scalars,
  );
  const splat = new Map<Value, number>();
  for (const [value, local] of scalars) {
    const four = code.local('v128');
    code.get(local).do('f32x4.splat').set(four);
    splat.set(value, four);
  }

  const [at, limit] = [code.local('i32'), code.local('i32')];
  const pass = (type: 'f32' | 'v128'): void => {
    const locals = new Map(type === 'f32' ? scalars : splat);
    code.while(at, limit, () => {
      for (const input of graph.inputs.filter(isVector)) {
        const local = code.local(type);
        code.get(parameter(input)).get(at).do('i32.add').load(type).set(local);
        locals.set(input, local);
      }
      compute(vectorNodes, type, locals);
      for (const { name: output, value } of graph.outputs) {
        code.get(target(output)).get(at).do('i32.add').get(locals.get(value)!).store(type);
      }
      code.get(at).integer(width[type]).do('i32.add').set(at);
    });
  };
  code.get(0).integer(-4).do('i32.and').integer(2).do('i32.shl').set(limit);
  pass('v128');
  code.get(0).integer(2).do('i32.shl').set(limit);
  pass('f32');
  return code;
}

/** Calls a kernel for each row. */
function compileRows(name: string, { graph, into }: InPlaceGraph, kernel: number): FunctionCode {
  const code = new FunctionCode(rowsOf(name), ['i32', 'i32', 'i32', 'i32', 'i32', ...inputTypes(graph)]);
  const [numbers, rows, columns, from, to, inputs] = [0, 1, 2, 3, 4, 5];
  const tables = new Set(Object.values(into));
  const [at, width, number] = [code.local('i32'), code.local('i32'), code.local('i32')];
  code.get(columns).integer(2).do('i32.shl').set(width);
  code.while(at, rows, () => {
    code.get(at).integer(2).do('i32.shl').get(numbers).do('i32.add').load('i32').set(number);
    // Without a sign, what is below `from` is larger than any row's number.
    code.get(number).get(from).do('i32.sub').get(to).get(from).do('i32.sub', 'i32.lt_u');
    code.if(() => {
      code.get(columns);
      graph.inputs.forEach((input, index) => {
        code.get(inputs + index);
        if (!isVector(input)) return;
        code
          .get(tables.has(input.name) ? number : at)
          .get(width)
          .do('i32.mul', 'i32.add');
      });
      code.call(kernel);
    });
    code.get(at).integer(1).do('i32.add').set(at);
  });
  return code;
}

function compileSumOfSquares(): FunctionCode {
  const code = new FunctionCode(sumOfSquares, ['i32', 'i32'], 'f64');
  const [count, offset] = [0, 1];
  const [at, limit, four, sums, sum, one] = [
    code.local('i32'),
    code.local('i32'),
    code.local('v128'),
    code.local('v128'),
    code.local('f64'),
    code.local('f64'),
  ];
  const two = code.local('v128');
  code.get(count).integer(-4).do('i32.and').integer(2).do('i32.shl').set(limit);
  code.while(at, limit, () => {
    code.get(offset).get(at).do('i32.add').load('v128').set(four);
    code.get(four).do('f64x2.promote_low_f32x4').set(two);
    code.get(two).get(two).do('f64x2.mul').get(sums).do('f64x2.add').set(sums);
    code.upperHalf(four).do('f64x2.promote_low_f32x4').set(two);
    code.get(two).get(two).do('f64x2.mul').get(sums).do('f64x2.add').set(sums);
    code.get(at).integer(16).do('i32.add').set(at);
  });
  code.get(count).integer(2).do('i32.shl').set(limit);
  code.while(at, limit, () => {
    code.get(offset).get(at).do('i32.add').load('f32').do('f64.promote_f32').set(one);
    code.get(one).get(one).do('f64.mul').get(sum).do('f64.add').set(sum);
    code.get(at).integer(4).do('i32.add').set(at);
  });
  code.get(sums).lane(0).get(sums).lane(1).do('f64.add').get(sum).do('f64.add');
  return code;
}
