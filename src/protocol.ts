/** The words that host, engine, command line and panel exchange; plain data that survives JSON. Imports nothing. */

/** What goes into a place of a sentence; a sentence among them is translated first. */
export type SentenceValue = string | number | Sentence;

/** A sentence for people in any language; `src/sentence.ts` makes and renders it. */
export interface Sentence {
  /** The English text with `{0}`, `{1}`… in the places of the values. */
  readonly key: string;
  readonly values: readonly SentenceValue[];
}

/** Something told to people: in English, and as a sentence for other languages. */
export interface Told {
  readonly message: string;
  readonly wording: Sentence;
}

/** What an experiment learns to do. */
export type Task = 'classification' | 'tagging' | 'translation' | 'languageModel' | 'forecasting';

/** Scores of one class, each in 0…1; `support` counts its examples. */
export interface ClassScores {
  readonly label: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}

/** Scores of a classifier on one part of the data. */
export interface ClassificationMetrics {
  /** Mean cross-entropy in nats, weighted as in training. */
  readonly loss: number;
  readonly accuracy: number;
  /** Unweighted mean of the classes' F1. */
  readonly macroF1: number;
  readonly perClass: readonly ClassScores[];
  /** Counts; a row is the true class, a column the predicted one. */
  readonly confusion: readonly (readonly number[])[];
}

/** Scores of a tagger. */
export interface TaggingMetrics {
  /** Mean negative log-likelihood in nats of a token's tag, or of a sequence's tags where a CRF scores them together. */
  readonly loss: number;
  /** Share of tokens with the right tag. */
  readonly accuracy: number;
  /** Scores of whole spans, as conlleval counts them. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** The same by type of span. */
  readonly perType: readonly ClassScores[];
}

/** Scores of a translator. */
export interface TranslationMetrics {
  /** Mean cross-entropy in nats of a target token. */
  readonly loss: number;
  /** BLEU in 0…100 as sacreBLEU defines it. */
  readonly bleu: number;
}

/** Scores of a language model. */
export interface LanguageModelMetrics {
  /** Mean cross-entropy in nats of a token. */
  readonly loss: number;
  readonly perplexity: number;
  /** Bits for each character of the text. */
  readonly bitsPerCharacter: number;
}

/** Scores of a forecaster, on standardised values. */
export interface ForecastMetrics {
  /** The loss of training. */
  readonly loss: number;
  readonly mse: number;
  readonly mae: number;
}

/** Scores on one part of the data; which there are depends on the task. */
export type Metrics =
  ClassificationMetrics | TaggingMetrics | TranslationMetrics | LanguageModelMetrics | ForecastMetrics;

/** One training step as a line of `metrics.jsonl`. Holds no times, so that equal seeds give equal files. */
export interface StepMetrics {
  /** Steps done, from 1, counted over all epochs. */
  readonly step: number;
  /** Epoch that the step belongs to, from 1. */
  readonly epoch: number;
  /** Training loss of the step's batch, in nats. */
  readonly loss: number;
  /** Global L2 norm of all gradients before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Real (unpadded) tokens in the step's batch. */
  readonly tokens: number;
}

/** The end of an epoch as a line of `metrics.jsonl`. */
export interface EpochMetrics {
  readonly epoch: number;
  /** Steps done at the end of this epoch. */
  readonly steps: number;
  /** Mean training loss over the epoch's steps. */
  readonly trainingLoss: number;
  readonly validation: Metrics;
  /** Whether this is the best epoch so far. */
  readonly best: boolean;
}

export type RunStatus = 'running' | 'finished' | 'stopped' | 'failed';

/** `report.json`, the summary of a run. */
export interface Report {
  /** Absolute path of the experiment file that the run was started from; the data's paths are relative to its folder. */
  readonly experimentFile: string;
  readonly status: RunStatus;
  readonly task: Task;
  readonly best: { readonly epoch: number; readonly validation: Metrics } | null;
  readonly test: Metrics | null;
  readonly epochs: number;
  readonly steps: number;
  /** Real tokens trained on per second of training, evaluation left out. */
  readonly tokensPerSecond: number;
  /** Seconds of work over all sittings, from reading the data to the report. */
  readonly seconds: number;
  /** Trainable and frozen numbers of the model. */
  readonly parameters: number;
  /** Why the run ended early or failed, in one English sentence. */
  readonly message?: string;
  /** The message for other languages; absent without one, and in reports of earlier versions. */
  readonly wording?: Sentence;
  readonly data: DataSummary;
}

/** What was read, for the report and the panel. */
export interface DataSummary {
  /** Empty where the task knows no classes. */
  readonly classes: readonly { readonly label: string; readonly count: number }[];
  readonly examples: { readonly train: number; readonly validation: number; readonly test: number };
  /** What `examples` counts where the data is one running text. */
  readonly unit?: 'tokens';
  /** Tokens known; 0 where the data is numbers. */
  readonly vocabulary: number;
  /** Share of the training tokens that the vocabulary knows, 0…1. */
  readonly coverage: number;
  /** Examples whose text stands in more than one part. */
  readonly duplicatesAcrossParts: number;
  /** Share of vocabulary entries found in the pre-trained vectors, or null without such a file. */
  readonly vectorsFound: number | null;
}

export interface TrainParameters {
  /** Path of the experiment file. */
  readonly experiment: string;
  /** Folder for run folders; default `.sequence-lab/runs` beside the experiment file. */
  readonly runs?: string;
  /** Continue the experiment's latest unfinished run, or the one in this folder. */
  readonly resume?: boolean | string;
  /** Threads to use; default: all cores. */
  readonly threads?: number;
  /** Seconds between checkpoints where the experiment file does not say; 0 writes one after every step. */
  readonly checkpointSeconds?: number;
}

export type TrainingPhase = 'reading' | 'preparing' | 'training' | 'evaluating' | 'exporting';

/** What a training run tells while it works, in order. */
export type TrainingEvent =
  | { readonly type: 'phase'; readonly phase: TrainingPhase; readonly fraction: number | null }
  | ({ readonly type: 'warning' } & Told)
  | {
      readonly type: 'run';
      readonly name: string;
      readonly directory: string;
      readonly data: DataSummary;
      readonly parameters: number;
      readonly epochs: number;
      readonly stepsPerEpoch: number;
      /** Step that the run goes on from; 0 for a new run. */
      readonly resumedAt: number;
    }
  | ({ readonly type: 'step' } & StepMetrics & {
        /** Steps planned in all. */
        readonly steps: number;
        /** Moving rate of real tokens. */
        readonly tokensPerSecond: number;
        /** Estimate from the moving rate, or null while there is none. */
        readonly secondsLeft: number | null;
      })
  | ({ readonly type: 'epoch' } & EpochMetrics)
  | { readonly type: 'checkpoint'; readonly step: number };

export interface TrainingResult {
  readonly name: string;
  readonly directory: string;
  /** Path of the exported model, or null where the run stopped before there was one. */
  readonly model: string | null;
  readonly report: Report;
}

export interface PredictParameters {
  /** Path of a model file exported by Sequence Lab. */
  readonly model: string;
  readonly texts: readonly string[];
  /** Add the influence of each token on the predicted class (gradient × input). */
  readonly explain?: boolean;
}

/** A token of the text and how much it spoke for (+) or against (−) the predicted class. */
export interface TokenInfluence {
  readonly text: string;
  /** Offsets into the text in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly influence: number;
  /** Whether the vocabulary knows the token. */
  readonly known: boolean;
}

export interface ClassPrediction {
  readonly label: string;
  readonly probability: number;
  /** All classes, most probable first. */
  readonly classes: readonly { readonly label: string; readonly probability: number }[];
  readonly tokens?: readonly TokenInfluence[];
}

export interface TagParameters {
  /** Path of a tagger exported by Sequence Lab. */
  readonly model: string;
  readonly texts: readonly string[];
}

/** A token of a text and its tag; offsets into the text in UTF-16 units. */
export interface TaggedToken {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly tag: string;
  /** Of the tag at this token, whatever the others have. */
  readonly probability: number;
  /** Whether the vocabulary knows the token. */
  readonly known: boolean;
}

/** A span of a text; offsets into the text in UTF-16 units. */
export interface TaggedSpan {
  readonly type: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** That all tokens of the span have just these tags. */
  readonly probability: number;
}

export interface TagPrediction {
  readonly tokens: readonly TaggedToken[];
  readonly spans: readonly TaggedSpan[];
}

/** How a text is gone on with. */
export interface GenerateParameters {
  /** Path of a language model exported by Sequence Lab. */
  readonly model: string;
  /** The text so far. */
  readonly prompt: string;
  /** Tokens to add; default 200. */
  readonly length?: number;
  /** Below 1 the probable becomes more so, above 1 less; 0 takes the most probable token. Default 0.8. */
  readonly temperature?: number;
  /** Only so many of the most probable tokens; default 0, all. */
  readonly topK?: number;
  /** Only the most probable tokens that together reach this share; default 1, all. */
  readonly topP?: number;
  /** Start of the random numbers; a new one each time unless given. */
  readonly seed?: number;
}

/** A piece of generated text, as soon as it is there. */
export interface GeneratedText {
  readonly text: string;
  /** Tokens that it consists of. */
  readonly tokens: number;
}

export interface GenerateResult extends GeneratedText {
  /** With it the same model goes on with the same prompt in the same way. */
  readonly seed: number;
}

export interface PredictSeriesParameters {
  /** Path of a model file that classifies number series. */
  readonly model: string;
  /** A file or folder of series, as the model was trained on. */
  readonly data: string;
}

/** The class of a number series. */
export interface SeriesPrediction {
  /** Where the series stands; a file that is one series has no line. */
  readonly file: string;
  readonly line?: number;
  /** Steps. */
  readonly length: number;
  /** The label that the data gives. */
  readonly truth: string;
  readonly label: string;
  readonly probability: number;
  /** All classes, most probable first. */
  readonly classes: readonly { readonly label: string; readonly probability: number }[];
}

export interface ForecastParameters {
  /** Path of a model file that forecasts. */
  readonly model: string;
  /** A CSV or TSV file with the columns that the model was trained on. */
  readonly data: string;
  /** The file's text where it differs from what is on the disk: an editor's unsaved text. */
  readonly content?: string;
  /** Answer with no more than so many of the last rows, though all are forecast; all unless given. */
  readonly last?: number;
}

/** Forecast values, and the band in which 95 % of the real values are expected; a number a column. */
export interface ForecastStep {
  readonly values: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** A row of a series, with what was forecast for it from the rows before. */
export interface ForecastRow {
  /** Line in the file, from 1. */
  readonly line: number;
  /** As the file has it; null without a column of times. */
  readonly time: string | null;
  /** A number a column. */
  readonly values: readonly number[];
  /** Null for the first rows, which have no whole context before them. */
  readonly forecast: ForecastStep | null;
  /** −log₁₀ of the probability of errors as large as the latest; null where it is not known yet. */
  readonly score: number | null;
  readonly anomaly: boolean;
}

/** Anomalies that belong together, as indices of rows. */
export interface ForecastAlarm {
  readonly first: number;
  readonly last: number;
  /** The row of the highest score. */
  readonly peak: number;
  /** The row whose forecasts were furthest off; it may stand a little before the first, for scores look back. */
  readonly cause: number;
}

export interface ForecastResult {
  /** Columns of values, and of times. */
  readonly columns: readonly string[];
  readonly time: string | null;
  /** Scores from which a row is an anomaly. */
  readonly threshold: number;
  readonly rows: readonly ForecastRow[];
  /** Rows before the first of `rows` that were left out as asked. */
  readonly skipped?: number;
  /** The steps after the last row. */
  readonly next: readonly ForecastStep[];
  /** Anomalies that belong together. */
  readonly alarms: readonly ForecastAlarm[];
}

export interface TranslateParameters {
  /** Path of a translator exported by Sequence Lab. */
  readonly model: string;
  /** Sentences; each is translated by itself. */
  readonly texts: readonly string[];
  /** Translations that are followed at a time; default 5. 1 takes the most probable piece at each step. */
  readonly beam?: number;
  /** α of the length penalty: longer translations are preferred the more, 0 not at all; default 1. */
  readonly lengthPenalty?: number;
}

/** A translation, and where the model looked for each of its pieces. */
export interface Translation {
  readonly text: string;
  /** Probability of the translation as a whole, 0…1. */
  readonly probability: number;
  /** Pieces of the text, and of its translation, as texts. */
  readonly source: readonly string[];
  readonly target: readonly string[];
  /** Whether each of these pieces begins a word: white space stands before it, or nothing. */
  readonly sourceStarts: readonly boolean[];
  readonly targetStarts: readonly boolean[];
  /** A row for each piece of the translation with a weight, 0…1, for each piece of the text. */
  readonly attention: readonly (readonly number[])[];
}

export interface EvaluateParameters {
  readonly model: string;
  /** A data file or a folder of one text file per class; for a language model, text as its experiment names it. */
  readonly data: string;
  /** File with the labels, or the tags, of the lines of `data`, where that is a file of texts, or of tokens. */
  readonly labels?: string;
  /** Columns of text and label where they differ from those that the model was trained on. */
  readonly text?: string;
  readonly label?: string;
  /** Translators: translations that are followed at a time; greedy without. */
  readonly beam?: number;
  /** Translators: how much longer translations are preferred, with a beam. */
  readonly lengthPenalty?: number;
}

export interface EvaluateResult {
  readonly examples: number;
  /** What `examples` counts where the data is one running text. */
  readonly unit?: 'tokens';
  readonly task: Task;
  readonly metrics: Metrics;
}

export interface MistakesParameters {
  /** Folder of a run that has a model. */
  readonly run: string;
  /** Most mistakes to return. */
  readonly limit?: number;
}

/** An example of the test part that the run's model gets wrong. */
export interface Mistake {
  /** Empty where the example is a number series. */
  readonly text: string;
  /** Where the example is a number series: its steps, and whether it is all that its file holds. */
  readonly series?: { readonly steps: number; readonly isWholeFile: boolean };
  /** Absolute path and line, from 1, of the example in the data; the first line where it is the whole file. */
  readonly file: string;
  readonly line: number;
  readonly truth: string;
  readonly predicted: string;
  /** Probability of the predicted class. */
  readonly probability: number;
}

export interface MistakesResult {
  /** The most certain mistakes first. */
  readonly mistakes: readonly Mistake[];
  /** How many there are in all. */
  readonly count: number;
}

export interface InspectParameters {
  readonly model: string;
}

/** What a model file says of itself. */
export interface ModelDescription {
  readonly task: Task;
  readonly experiment: string;
  readonly created: string;
  readonly producer: string;
  readonly bytes: number;
  readonly parameters: number;
  readonly labels: readonly string[];
  /** Channels of the number series that it reads; absent where it reads texts. */
  readonly channels?: readonly string[];
  readonly tokenizer: string;
  readonly vocabulary: number;
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  readonly outputs: readonly { readonly name: string; readonly type: string }[];
  /** Operators with how often each occurs. */
  readonly operators: readonly { readonly operator: string; readonly count: number }[];
  readonly validation: Metrics | null;
  readonly test: Metrics | null;
}
