/** Hands the reference process its questions in a folder and takes its answers: JSON for words, safetensors for numbers. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CheckpointTensor, decodeSafetensors, encodeSafetensors } from '../../src/runs/safetensors';
import type { Tensor } from '../../src/runtime/session';
import type { Batch } from './batches';
import type { ParityCase } from './cases';
import { runPython } from './python';

/** What the reference is asked. */
export interface Questions {
  readonly cases: readonly ParityCase[];
  readonly steps: number;
  /** Starting weights by case and parameter. */
  readonly initial: ReadonlyMap<string, ReadonlyMap<string, Float32Array>>;
  readonly batches: Readonly<Record<'padded' | 'full', readonly Batch[]>>;
  /** Dropout masks by case and, for each of its batches, by site. */
  readonly masks: ReadonlyMap<string, readonly ReadonlyMap<string, Tensor<'float32'>>[]>;
  /** Models to check, by name. */
  readonly models: ReadonlyMap<string, Uint8Array>;
  /** Those of the models that turn texts into probabilities. */
  readonly exports: readonly string[];
  /** Texts for the exported models, by name. */
  readonly texts: ReadonlyMap<string, Batch>;
}

/** What the reference answers. */
export interface Answers {
  readonly versions: Readonly<Record<string, string>>;
  /** Losses and norms of gradients before clipping, by case and step. */
  readonly training: Readonly<Record<string, { readonly losses: number[]; readonly norms: number[] }>>;
  /** What the checker says of each model; null for nothing. */
  readonly complaints: Readonly<Record<string, string | null>>;
  /** `weights/CASE/PARAMETER` at the end and `probabilities/EXPORT/TEXT`. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

/** Runs the reference with the Python that the script of the parity tests has prepared. */
export function askReference(questions: Questions): Answers {
  const folder = mkdtempSync(join(tmpdir(), 'parity-'));
  try {
    writeQuestions(folder, questions);
    runPython('reference.py', folder);
    const answers = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Omit<Answers, 'tensors'>;
    const { tensors } = decodeSafetensors(readFileSync(join(folder, 'results.safetensors')));
    return { ...answers, tensors };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeQuestions(folder: string, questions: Questions): void {
  const { cases, steps, batches, models, exports, texts } = questions;
  for (const [name, bytes] of models) writeFileSync(join(folder, `${name}.onnx`), bytes);
  const counts = Object.fromEntries(Object.entries(batches).map(([kind, list]) => [kind, list.length]));
  const manifest = { cases, steps, batches: counts, models: [...models.keys()], exports, texts: [...texts.keys()] };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const tensors = tensorsOf(questions);
  writeFileSync(join(folder, 'inputs.safetensors'), Buffer.concat(encodeSafetensors({ tensors, metadata: {} })));
}

function tensorsOf({ initial, batches, masks, texts }: Questions): Map<string, CheckpointTensor> {
  const tensors = new Map<string, CheckpointTensor>();
  for (const [name, weights] of initial) {
    for (const [parameter, data] of weights) {
      tensors.set(`initial/${name}/${parameter}`, { dtype: 'F32', shape: [data.length], data });
    }
  }
  for (const [kind, list] of Object.entries(batches)) {
    list.forEach(({ time, lengths, ids, labels }, at) => {
      const size = lengths.length;
      tensors.set(`batches/${kind}/${at}/ids`, { dtype: 'I32', shape: [time, size], data: ids });
      tensors.set(`batches/${kind}/${at}/lengths`, int64(lengths));
      tensors.set(`batches/${kind}/${at}/labels`, { dtype: 'I32', shape: [size], data: labels });
    });
  }
  for (const [name, list] of masks) {
    list.forEach((sites, at) => {
      for (const [site, { dims, data }] of sites) {
        tensors.set(`masks/${name}/${at}/${site}`, { dtype: 'F32', shape: dims, data });
      }
    });
  }
  for (const [name, { time, lengths, ids }] of texts) {
    const size = lengths.length;
    const batchMajor = BigInt64Array.from({ length: ids.length }, (_, at) =>
      BigInt(ids[(at % time) * size + Math.floor(at / time)]!),
    );
    tensors.set(`texts/${name}/ids`, { dtype: 'I64', shape: [size, time], data: batchMajor });
    tensors.set(`texts/${name}/lengths`, { dtype: 'I32', shape: [size], data: lengths });
  }
  return tensors;
}

/** PyTorch wants lengths as int64. */
function int64(numbers: Int32Array): CheckpointTensor {
  return { dtype: 'I64', shape: [numbers.length], data: BigInt64Array.from(numbers, BigInt) };
}
