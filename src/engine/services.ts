/** What the engine can do, as an interface: the server calls it and knows nothing of training or models. */
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

/**
 * The work behind the requests. A mistake of the user's is thrown as UserError. Long work must let the event loop turn
 * (`setImmediate`) between its steps: progress leaves and cancellation arrives only then.
 */
export interface EngineServices {
  /**
   * Trains the experiment and reports every event in order. When `signal` aborts, it writes a checkpoint and resolves
   * with a report of status `stopped`; only where there is no run yet does it reject with the signal's reason.
   */
  train(
    parameters: TrainParameters,
    report: (event: TrainingEvent) => void,
    signal: AbortSignal,
  ): Promise<TrainingResult>;
  /** One prediction for each text, in order. Rejects with the signal's reason when `signal` aborts. */
  predict(parameters: PredictParameters, signal: AbortSignal): Promise<readonly ClassPrediction[]>;
  /** The tags of each text, in order. Rejects with the signal's reason when `signal` aborts. */
  tag(parameters: TagParameters, signal: AbortSignal): Promise<readonly TagPrediction[]>;
  /**
   * Goes on with a text; `report` takes the pieces of text in order, the last one before it resolves. Rejects with the
   * signal's reason on abort.
   */
  generate(
    parameters: GenerateParameters,
    report: (piece: GeneratedText) => void,
    signal: AbortSignal,
  ): Promise<GenerateResult>;
  /** The class of each series of a file or folder, in order. Rejects with the signal's reason when `signal` aborts. */
  predictSeries(parameters: PredictSeriesParameters, signal: AbortSignal): Promise<readonly SeriesPrediction[]>;
  /** Forecasts and anomalies of a series; `report` takes the share done, 0…1. Rejects with the signal's reason on abort. */
  forecast(
    parameters: ForecastParameters,
    report: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<ForecastResult>;
  /** One translation for each text, in order. Rejects with the signal's reason when `signal` aborts. */
  translate(parameters: TranslateParameters, signal: AbortSignal): Promise<readonly Translation[]>;
  /** Scores the model on a data file; `report` takes the share done, 0…1. Rejects with the signal's reason on abort. */
  evaluate(
    parameters: EvaluateParameters,
    report: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<EvaluateResult>;
  /** Reads what a model file says of itself. */
  inspect(parameters: InspectParameters): Promise<ModelDescription>;
  /** The test examples that a run's model gets wrong. Rejects with the signal's reason when `signal` aborts. */
  mistakes(parameters: MistakesParameters, signal: AbortSignal): Promise<MistakesResult>;
}
