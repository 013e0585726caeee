/** The `training` section of an experiment file, shared by all tasks; must not know any task. */
import * as z from 'zod';
import type { ScoreName } from '../scores';
import { sentence } from '../sentence';
import {
  carried,
  flag,
  nonNegativeNumber,
  positiveNumber,
  section,
  shareBelowOne,
  shareWithin,
  wholeNumber,
} from './values';

/** The scores of a task, the first of which speaks for it. */
type Scores = readonly [ScoreName, ...ScoreName[]];

const optimizerNames = ['sgd', 'rmsprop', 'adam', 'adamw'] as const;

const weightDecay = (byDefault: number) =>
  nonNegativeNumber().default(byDefault).describe('How strongly weights are pulled to 0 at each step.');
const epsilon = () =>
  positiveNumber().default(1e-8).describe('Added to the denominator of the update to keep it from dividing by 0.');
const momentum = () => shareBelowOne().default(0).describe('Share of the last update that is carried into the next.');

const sgd = section({
  type: z.literal('sgd').describe('Stochastic gradient descent.'),
  momentum: momentum(),
  nesterov: flag().default(false).describe('Look ahead along the momentum (Nesterov); needs a momentum above 0.'),
  weightDecay: weightDecay(0),
}).superRefine((optimizer, context) => {
  if (optimizer.nesterov && optimizer.momentum === 0) {
    context.addIssue({
      code: 'custom',
      path: ['nesterov'],
      message: carried(sentence`Nesterov needs a momentum above 0; add "momentum": 0.9 or leave "nesterov" out.`),
    });
  }
});

const rmsprop = section({
  type: z.literal('rmsprop').describe('RMSProp: steps scaled by a running mean of squared gradients.'),
  alpha: shareBelowOne().default(0.99).describe('Decay of the running mean of squared gradients.'),
  epsilon: epsilon(),
  momentum: momentum(),
  weightDecay: weightDecay(0),
});

const adamSettings = {
  beta1: shareBelowOne().default(0.9).describe('Decay of the running mean of gradients.'),
  beta2: shareBelowOne().default(0.999).describe('Decay of the running mean of squared gradients.'),
  epsilon: epsilon(),
};

const adam = section({
  type: z.literal('adam').describe('Adam; its weight decay is part of the gradient.'),
  ...adamSettings,
  weightDecay: weightDecay(0),
});

const adamw = section({
  type: z.literal('adamw').describe('AdamW; its weight decay is apart from the gradient.'),
  ...adamSettings,
  weightDecay: weightDecay(0.01),
});

const optimizerSettings = z.discriminatedUnion('type', [sgd, rmsprop, adam, adamw]);

const optimizerSchema = z
  .union([z.enum(optimizerNames).transform((type) => optimizerSettings.parse({ type })), optimizerSettings])
  .prefault('adam')
  .describe('The rule that turns gradients into updates: its name, or an object with its type and settings.');

const scheduleSchema = z
  .discriminatedUnion('type', [
    section({ type: z.literal('constant').describe('The same learning rate all along.') }),
    section({
      type: z.literal('cosine').describe('A linear rise, then a fall to 0 along a cosine over all planned steps.'),
      warmup: nonNegativeNumber()
        .refine((warmup) => warmup < 1 || Number.isSafeInteger(warmup), {
          error: ({ input }) =>
            carried(sentence`found ${String(input)}, expected a share below 1 or a whole number of steps.`),
        })
        .default(0.05)
        .describe('Length of the rise: below 1 a share of all planned steps, from 1 a number of steps.'),
    }),
    section({
      type: z.literal('plateau').describe('A lower learning rate whenever the validation loss stops falling.'),
      factor: shareWithin().default(0.5).describe('What the learning rate is multiplied with.'),
      patience: wholeNumber(0, 100_000).default(2).describe('Epochs without a lower validation loss to wait for.'),
      minimum: nonNegativeNumber().default(0).describe('The learning rate never falls below this.'),
    }),
  ])
  .prefault({ type: 'constant' })
  .describe('How the learning rate changes over the steps.');

const clipSchema = section({
  norm: positiveNumber().optional().describe('Largest global L2 norm of all gradients; they are scaled down together.'),
  value: positiveNumber().optional().describe('Largest absolute value of each number of a gradient.'),
})
  .default({ norm: 1 })
  .describe('Limits of the gradients against explosion; {} sets none.');

const earlyStoppingSchema = (metrics: Scores) =>
  z
    .union([
      z.literal(false),
      section({
        patience: wholeNumber(1, 100_000).default(3).describe('Epochs without a better score to wait for.'),
        metric: z.enum(metrics).default(metrics[0]).describe('The validation score that picks the best epoch.'),
      }),
    ])
    .prefault({})
    .describe('When to stop before the last epoch, with the weights of the best one; false trains all epochs.');

/** Share of a target that goes to all classes alike; a key of the tasks whose loss has classes. */
export const labelSmoothing = () =>
  shareBelowOne().default(0).describe('Share of the target probability that is spread evenly over all classes.');

export const classWeightsSchema = z
  .union([
    z.enum(['none', 'balanced']),
    z.record(z.string(), positiveNumber(), carried(sentence`an object with a weight for each label`)),
  ])
  .default('none')
  .describe(
    'Weights of the classes in the loss: "balanced" weighs rare classes up, an object gives a weight by label; labels that are not in it weigh 1.',
  );

/** The keys that every task has; `metrics` are its scores, the first of which picks the best epoch by default. */
const trainingKeys = (metrics: Scores) => ({
  epochs: wholeNumber(1, 100_000).default(10).describe('Most passes over the training examples.'),
  batchSize: wholeNumber(1, 65_536)
    .optional()
    .describe('Examples in a batch; 32 unless "tokens" is given. Excludes "tokens".'),
  tokens: wholeNumber(1, 16_777_216)
    .optional()
    .describe('Token budget of a batch, padding included, in place of a number of examples. Excludes "batchSize".'),
  optimizer: optimizerSchema,
  learningRate: positiveNumber().default(1e-3).describe('Size of the steps, before the schedule.'),
  schedule: scheduleSchema,
  clip: clipSchema,
  earlyStopping: earlyStoppingSchema(metrics),
  seed: wholeNumber(0, 4_294_967_295)
    .default(1)
    .describe('Start of all random numbers; the same seed gives the same run.'),
  checkpointSeconds: nonNegativeNumber()
    .default(30)
    .describe('Seconds between checkpoints; 0 writes one after every step.'),
  replicas: wholeNumber(1, 256)
    .optional()
    .describe('Copies of the model that share each batch; chosen by the number of cores unless given.'),
  threads: wholeNumber(1, 1024).optional().describe('Threads to use in all; all cores unless given.'),
});

type TrainingInput = z.output<z.ZodObject<ReturnType<typeof trainingKeys>>>;

function checkTraining(
  {
    batchSize,
    tokens,
    schedule,
    learningRate,
  }: Pick<TrainingInput, 'batchSize' | 'tokens' | 'schedule' | 'learningRate'>,
  context: z.RefinementCtx,
): void {
  if (batchSize !== undefined && tokens !== undefined) {
    context.addIssue({
      code: 'custom',
      path: ['tokens'],
      message: carried(sentence`a batch is measured by "batchSize" or by "tokens", not by both; remove one of them.`),
    });
  }
  if (schedule.type === 'plateau' && schedule.minimum > learningRate) {
    context.addIssue({
      code: 'custom',
      path: ['schedule', 'minimum'],
      message: carried(sentence`found ${schedule.minimum}, expected at most the learning rate of ${learningRate}.`),
    });
  }
}

/** The `training` section of a task: everything has a default. */
export const trainingSchema = <Shape extends z.core.$ZodLooseShape>(metrics: Scores, more: Shape) =>
  section({ ...trainingKeys(metrics), ...more })
    .superRefine((training, context) => {
      checkTraining(training as TrainingInput, context);
    })
    .transform((training) => {
      const { epochs, batchSize, tokens, ...rest } = training as typeof training & TrainingInput;
      return {
        epochs,
        ...batchMeasure(batchSize, tokens),
        ...(rest as Omit<typeof training, 'epochs' | 'batchSize' | 'tokens'>),
      };
    });

/** A batch is measured in examples or in tokens: exactly one of the two is there. */
export type BatchMeasure =
  | { batchSize: number; tokens?: undefined }
  | {
      /** Most tokens of a batch, padding included. */
      tokens: number;
      batchSize?: undefined;
    };

function batchMeasure(batchSize: number | undefined, tokens: number | undefined): BatchMeasure {
  return tokens === undefined ? { batchSize: batchSize ?? 32 } : { tokens };
}

/** What the `training` sections of all tasks have in common, with all defaults. */
export type TrainingOptions = Omit<TrainingInput, 'batchSize' | 'tokens'> & BatchMeasure;
/** An optimizer with all its settings. */
export type OptimizerOptions = TrainingOptions['optimizer'];
/** A learning-rate schedule with all its settings. */
export type ScheduleOptions = TrainingOptions['schedule'];
