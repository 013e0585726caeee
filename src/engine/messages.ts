/** The requests between the engine and its clients, and how errors travel with them; knows no process and no services. */
import { ErrorCodes, type ProgressToken, ProgressType, RequestType, ResponseError } from 'vscode-jsonrpc/node';
import { type Place, UserError } from '../errors';
import type { Sentence } from '../sentence';
import type {
  ClassPrediction,
  EvaluateParameters,
  EvaluateResult,
  GeneratedText,
  GenerateParameters,
  GenerateResult,
  ForecastParameters,
  ForecastResult,
  InspectParameters,
  MistakesParameters,
  MistakesResult,
  ModelDescription,
  PredictParameters,
  TagParameters,
  TagPrediction,
  PredictSeriesParameters,
  SeriesPrediction,
  TrainingEvent,
  TrainingResult,
  TrainParameters,
  TranslateParameters,
  Translation,
} from '../protocol';

/** Parameters of a request that tells its progress under `token`. */
export interface WithProgress<Parameters> {
  readonly parameters: Parameters;
  /** Chosen by the client, different for every request. */
  readonly token: ProgressToken;
}

/** Trains; progress is `trainingProgress`. Cancelled, it still answers, with a report of status `stopped`. */
export const trainRequest = new RequestType<WithProgress<TrainParameters>, TrainingResult, ErrorData>('train');
/** Predicts a list of texts with one model. */
export const predictRequest = new RequestType<PredictParameters, readonly ClassPrediction[], ErrorData>('predict');
/** Tags a list of texts with one model. */
export const tagRequest = new RequestType<TagParameters, readonly TagPrediction[], ErrorData>('tag');
/** Goes on with a text; progress is `generationProgress`. */
export const generateRequest = new RequestType<WithProgress<GenerateParameters>, GenerateResult, ErrorData>('generate');
/** Classifies the number series of a file or folder. */
export const predictSeriesRequest = new RequestType<PredictSeriesParameters, readonly SeriesPrediction[], ErrorData>(
  'predictSeries',
);
/** Forecasts a number series and finds its anomalies; progress is `evaluationProgress`. */
export const forecastRequest = new RequestType<WithProgress<ForecastParameters>, ForecastResult, ErrorData>('forecast');
/** Translates a list of texts with one model. */
export const translateRequest = new RequestType<TranslateParameters, readonly Translation[], ErrorData>('translate');
/** Evaluates a model on a data file; progress is `evaluationProgress`. */
export const evaluateRequest = new RequestType<WithProgress<EvaluateParameters>, EvaluateResult, ErrorData>('evaluate');
/** Describes a model file. */
export const inspectRequest = new RequestType<InspectParameters, ModelDescription, ErrorData>('inspect');

/** Lists what a run's model gets wrong on the test part. */
export const mistakesRequest = new RequestType<MistakesParameters, MistakesResult, ErrorData>('mistakes');

/** Every event of a training, in order. */
export const trainingProgress = new ProgressType<TrainingEvent>();
/** Pieces of generated text, in order. */
export const generationProgress = new ProgressType<GeneratedText>();
/** Share of an evaluation that is done, 0…1. */
/** Share of an evaluation or a forecast that is done, 0…1. */
export const evaluationProgress = new ProgressType<number>();

/** Codes of the errors that answer a request. */
export const errorCodes = {
  /** A UserError; the data holds its place and its wording. */
  userMistake: 1,
  /** The request was cancelled before it had a result (the code that language servers use). */
  cancelled: -32800,
  /** Any other error: a fault of ours; the data holds the stack. */
  fault: ErrorCodes.InternalError,
} as const;

/** What travels with an error besides its code and message. */
export type ErrorData =
  | { readonly kind: 'userMistake'; readonly place: Place; readonly wording: Sentence }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'fault'; readonly name: string; readonly stack: string };

/** A fault inside the engine; `stack` is the stack over there, where the fault is. */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(message: string, stack: string) {
    super(message);
    this.stack = stack;
  }
}

/** The error as an answer. `cancelled` says that the request's signal had been aborted. */
export function toResponseError(error: unknown, cancelled: boolean): ResponseError<ErrorData> {
  if (error instanceof UserError) {
    const { message, place, wording } = error;
    return new ResponseError(errorCodes.userMistake, message, { kind: 'userMistake', place, wording });
  }
  if (cancelled && error instanceof Error && error.name === 'AbortError') {
    return new ResponseError(errorCodes.cancelled, error.message, { kind: 'cancelled' });
  }
  if (error instanceof Error) {
    const stack = describeStack(error);
    return new ResponseError(errorCodes.fault, error.message, { kind: 'fault', name: error.name, stack });
  }
  const message = `Something that is no Error was thrown: ${String(error)}`;
  return new ResponseError(errorCodes.fault, message, { kind: 'fault', name: 'Error', stack: message });
}

/** The error that an answer stands for: a UserError, an EngineError, or an AbortError for a cancelled request. */
export function fromResponseError(error: ResponseError<unknown>): Error {
  if (!isErrorData(error.data)) {
    return new EngineError(error.message, error.stack ?? error.message);
  }
  switch (error.data.kind) {
    case 'userMistake':
      return new UserError(error.data.wording, error.data.place);
    case 'cancelled':
      return new DOMException(error.message, 'AbortError');
    case 'fault':
      return new EngineError(error.message, error.data.stack);
  }
}

function describeStack(error: Error): string {
  const stack = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${stack}\ncaused by ${describeStack(error.cause)}` : stack;
}

function isErrorData(data: unknown): data is ErrorData {
  const kinds: readonly unknown[] = ['userMistake', 'cancelled', 'fault'] satisfies ErrorData['kind'][];
  return typeof data === 'object' && data !== null && 'kind' in data && kinds.includes(data.kind);
}
