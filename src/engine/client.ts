/** The way to the engine for the editor and the command line: starts it when needed, restarts it after a crash. */
import type { ChildProcess } from 'node:child_process';
import {
  CancellationTokenSource,
  ConnectionError,
  ErrorCodes,
  type RequestType,
  ResponseError,
} from 'vscode-jsonrpc/node';
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
import { type EngineExit, type EngineOptions, EngineProcess } from './engineProcess';
import {
  type ErrorData,
  evaluateRequest,
  evaluationProgress,
  forecastRequest,
  fromResponseError,
  generateRequest,
  generationProgress,
  inspectRequest,
  mistakesRequest,
  predictRequest,
  tagRequest,
  predictSeriesRequest,
  trainingProgress,
  trainRequest,
  translateRequest,
} from './messages';

export type { EngineExit, EngineOptions } from './engineProcess';
export { EngineError } from './messages';

/** The engine ended while a request was waiting for its answer. */
export class EngineExitedError extends Error {
  override readonly name = 'EngineExitedError';

  constructor(readonly exit: EngineExit) {
    super(describeExit(exit), { cause: exit.startError });
  }
}

/**
 * Requests to an engine in a child process of its own. The process starts with the first request and after its end with
 * the next one. Requests reject with UserError, EngineError (a fault in the engine, with its stack), EngineExitedError
 * (the process ended first), or an AbortError where the signal had been aborted.
 */
export class EngineClient {
  private current: EngineProcess | undefined;
  private readonly alive = new Set<EngineProcess>();
  private readonly listeners = new Set<(exit: EngineExit) => void>();
  private lastToken = 0;
  private disposed = false;

  /** @param forked a process that was forked in this turn of the event loop, for the requests to come */
  constructor(
    private readonly options: EngineOptions,
    forked?: ChildProcess,
  ) {
    if (forked !== undefined) this.watch(new EngineProcess(options, forked));
  }

  /** Process id of the running engine, or undefined while there is none. */
  get pid(): number | undefined {
    return this.current?.usable === true ? this.current.pid : undefined;
  }

  /** Starts the process ahead of the first request, where one is likely to follow soon. */
  start(): void {
    this.engine(undefined);
  }

  /**
   * Trains an experiment. When `signal` aborts, the training writes a checkpoint and resolves with status `stopped`;
   * it rejects with an AbortError only where no run had begun.
   */
  async train(
    parameters: TrainParameters,
    onEvent: (event: TrainingEvent) => void,
    signal?: AbortSignal,
  ): Promise<TrainingResult> {
    const engine = this.engine(signal);
    const token = ++this.lastToken;
    const progress = engine.connection.onProgress(trainingProgress, token, onEvent);
    try {
      return await request(engine, trainRequest, { parameters, token }, signal);
    } finally {
      progress.dispose();
    }
  }

  /** Predicts each text, in order. */
  async predict(parameters: PredictParameters, signal?: AbortSignal): Promise<readonly ClassPrediction[]> {
    return request(this.engine(signal), predictRequest, parameters, signal);
  }

  /** Tags each text, in order. */
  async tag(parameters: TagParameters, signal?: AbortSignal): Promise<readonly TagPrediction[]> {
    return request(this.engine(signal), tagRequest, parameters, signal);
  }

  /** Goes on with a text; `onText` takes the pieces in order. An abort leaves what was told so far. */
  async generate(
    parameters: GenerateParameters,
    onText: (piece: GeneratedText) => void,
    signal?: AbortSignal,
  ): Promise<GenerateResult> {
    const engine = this.engine(signal);
    const token = ++this.lastToken;
    const progress = engine.connection.onProgress(generationProgress, token, onText);
    try {
      return await request(engine, generateRequest, { parameters, token }, signal);
    } finally {
      progress.dispose();
    }
  }

  /** Classifies the number series of a file or folder, in order. */
  async predictSeries(parameters: PredictSeriesParameters, signal?: AbortSignal): Promise<readonly SeriesPrediction[]> {
    return request(this.engine(signal), predictSeriesRequest, parameters, signal);
  }

  /** Forecasts a number series and finds its anomalies; `onProgress` takes the share done, 0…1. */
  async forecast(
    parameters: ForecastParameters,
    onProgress: (fraction: number) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<ForecastResult> {
    const engine = this.engine(signal);
    const token = ++this.lastToken;
    const progress = engine.connection.onProgress(evaluationProgress, token, onProgress);
    try {
      return await request(engine, forecastRequest, { parameters, token }, signal);
    } finally {
      progress.dispose();
    }
  }

  /** Translates each text, in order. */
  async translate(parameters: TranslateParameters, signal?: AbortSignal): Promise<readonly Translation[]> {
    return request(this.engine(signal), translateRequest, parameters, signal);
  }

  /** Evaluates a model on a data file; `onProgress` takes the share done, 0…1. */
  async evaluate(
    parameters: EvaluateParameters,
    onProgress: (fraction: number) => void,
    signal?: AbortSignal,
  ): Promise<EvaluateResult> {
    const engine = this.engine(signal);
    const token = ++this.lastToken;
    const progress = engine.connection.onProgress(evaluationProgress, token, onProgress);
    try {
      return await request(engine, evaluateRequest, { parameters, token }, signal);
    } finally {
      progress.dispose();
    }
  }

  /** Describes a model file. */
  async inspect(parameters: InspectParameters, signal?: AbortSignal): Promise<ModelDescription> {
    return request(this.engine(signal), inspectRequest, parameters, signal);
  }

  /** Lists what a run's model gets wrong on the test part of its data. */
  async mistakes(parameters: MistakesParameters, signal?: AbortSignal): Promise<MistakesResult> {
    return request(this.engine(signal), mistakesRequest, parameters, signal);
  }

  /** Calls `listener` whenever an engine process has ended; dispose the result to stop that. */
  onExit(listener: (exit: EngineExit) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** Ends the process at once; pending requests reject, the next request starts a new process. */
  kill(): void {
    for (const engine of this.alive) {
      engine.kill();
    }
  }

  /** Asks the engine to end, kills it after two seconds, and resolves when no process is left. Final. */
  async dispose(): Promise<void> {
    this.disposed = true;
    await Promise.all([...this.alive].map((engine) => engine.stop()));
  }

  private engine(signal: AbortSignal | undefined): EngineProcess {
    signal?.throwIfAborted();
    if (this.disposed) {
      throw new Error('The engine was asked for after its client had been disposed.');
    }
    if (this.current?.usable === true) {
      return this.current;
    }
    return this.watch(new EngineProcess(this.options));
  }

  private watch(engine: EngineProcess): EngineProcess {
    this.current = engine;
    this.alive.add(engine);
    void engine.ended.then((exit) => {
      this.alive.delete(engine);
      if (this.current === engine) {
        this.current = undefined;
      }
      for (const listener of this.listeners) {
        listener(exit);
      }
    });
    return engine;
  }
}

async function request<P, R>(
  engine: EngineProcess,
  type: RequestType<P, R, ErrorData>,
  parameters: P,
  signal: AbortSignal | undefined,
): Promise<R> {
  const source = new CancellationTokenSource();
  const cancel = (): void => {
    source.cancel();
  };
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    // The library's type for parameters is conditional and cannot be resolved for a generic P.
    return await engine.connection.sendRequest<P, R, ErrorData>(type, parameters as never, source.token);
  } catch (error) {
    throw await understand(error, engine);
  } finally {
    signal?.removeEventListener('abort', cancel);
    source.dispose();
  }
}

/** The error that a failed request stands for; a connection's own errors mean that the process has ended or will. */
async function understand(error: unknown, engine: EngineProcess): Promise<unknown> {
  if (error instanceof ConnectionError) {
    return new EngineExitedError(await engine.ended);
  }
  if (!(error instanceof ResponseError)) {
    return error;
  }
  return error.code === ErrorCodes.PendingResponseRejected
    ? new EngineExitedError(await engine.ended)
    : fromResponseError(error);
}

function describeExit({ code, signal, expected, lastLines, startError }: EngineExit): string {
  if (startError !== undefined) {
    return `The engine could not be started: ${startError.message}`;
  }
  const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by signal ${signal}`;
  if (expected) {
    return `The engine was ended (${how}) before it could answer.`;
  }
  const output = lastLines.length === 0 ? '' : ` Its last output:\n${lastLines.join('\n')}`;
  return `The engine ended unexpectedly ${how}.${output}`;
}
