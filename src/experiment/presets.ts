/** Models to start from, from quick to thorough; pure numbers, which the starter experiment writes down. */

/** In the order of offering. */
export const speeds = ['balanced', 'fast', 'accurate'] as const;
export const cells = ['lstm', 'gru', 'rnn'] as const;

/** How long a person wants to wait. */
export type Speed = (typeof speeds)[number];
/** A recurrent cell. */
export type Cell = (typeof cells)[number];

/** The parts of an experiment that a preset decides. */
export interface Preset {
  readonly speed: Speed;
  readonly cell: Cell;
  /** Size of a token's vector by the kind of tokens. */
  readonly embedding: { readonly words: number; readonly characters: number };
  readonly model: {
    readonly cell: Cell;
    readonly hidden: number;
    readonly layers: number;
    readonly bidirectional: boolean;
    readonly dropout: number;
  };
  readonly training: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly learningRate: number;
    /** Epochs without a better validation before the end. */
    readonly patience: number;
  };
}

type Settings = Omit<Preset, 'speed' | 'cell' | 'model'> & { readonly model: Omit<Preset['model'], 'cell'> };

const settings: Readonly<Record<Speed, Settings>> = {
  fast: {
    embedding: { words: 50, characters: 32 },
    model: { hidden: 64, layers: 1, bidirectional: false, dropout: 0.2 },
    training: { epochs: 5, batchSize: 64, learningRate: 0.002, patience: 2 },
  },
  balanced: {
    embedding: { words: 100, characters: 32 },
    model: { hidden: 128, layers: 1, bidirectional: true, dropout: 0.3 },
    training: { epochs: 10, batchSize: 32, learningRate: 0.001, patience: 3 },
  },
  accurate: {
    embedding: { words: 200, characters: 64 },
    model: { hidden: 256, layers: 2, bidirectional: true, dropout: 0.4 },
    training: { epochs: 20, batchSize: 32, learningRate: 0.001, patience: 5 },
  },
};

/** The preset of a speed and a cell. */
export function presetOf(speed: Speed, cell: Cell): Preset {
  const { embedding, model, training } = settings[speed];
  return { speed, cell, embedding, model: { cell, ...model }, training };
}

/** What is taken where nobody chooses. */
export const standardPreset = presetOf('balanced', 'lstm');

/** The presets that are worth offering, the standard one first: a plain RNN gains nothing from a deep, slow training. */
export const presets: readonly Preset[] = [
  standardPreset,
  presetOf('balanced', 'gru'),
  presetOf('balanced', 'rnn'),
  presetOf('fast', 'gru'),
  presetOf('fast', 'lstm'),
  presetOf('fast', 'rnn'),
  presetOf('accurate', 'lstm'),
  presetOf('accurate', 'gru'),
];

/** A model without memory to start from: quick, and often good enough. */
export interface VectorPreset {
  readonly model: { readonly hidden: readonly number[]; readonly dropout: number };
  readonly training: Preset['training'];
}

/** A feed-forward network on TF-IDF vectors. */
export const vectorPreset: VectorPreset = {
  model: { hidden: [32], dropout: 0.5 },
  training: { epochs: 10, batchSize: 64, learningRate: 0.003, patience: 3 },
};
