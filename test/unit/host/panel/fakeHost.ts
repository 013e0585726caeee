/** The host's other parts for tests of the panel: runs in memory and a training that says what the test lets it say. */
import type * as vscode from 'vscode';
import { parseExperiment } from '../../../../src/experiment/parseExperiment';
import type { ActiveTraining, Runs, Trainings } from '../../../../src/host/contracts';
import type { ClassificationMetrics, EpochMetrics, Report, StepMetrics, TrainingEvent } from '../../../../src/protocol';
import type { RunSummary } from '../../../../src/runs/readRun';

/** Listeners of one kind of event. */
export class Emitter<T> {
  private readonly listeners = new Set<(value: T) => void>();

  readonly event = ((listener: (value: T) => void): unknown => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }) as vscode.Event<T>;

  get listenerCount(): number {
    return this.listeners.size;
  }

  fire(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
}

/** Trainings whose events the test sends. */
export class FakeTrainings implements Trainings {
  active: ActiveTraining | null = null;
  readonly started: { experiment: string; resume: boolean }[] = [];
  stops = 0;
  private readonly events = new Emitter<{ training: ActiveTraining; event: TrainingEvent }>();
  private readonly changes = new Emitter<undefined>();
  readonly onEvent = this.events.event;
  readonly onDidChangeActive = this.changes.event as vscode.Event<void>;

  get listenerCount(): number {
    return this.events.listenerCount + this.changes.listenerCount;
  }

  /** Begins to train into a run, or into none yet. */
  begin(experiment: string, run: RunSummary | null): void {
    const uri: unknown = { fsPath: `/workspace/${experiment}.rnn.json` };
    this.active = {
      experiment: uri as vscode.Uri,
      run: run === null ? null : { name: run.name, directory: run.directory },
      last: {},
      isStopping: false,
    };
    this.changes.fire(undefined);
  }

  say(event: TrainingEvent): void {
    if (this.active === null) throw new Error('Nothing trains.');
    this.active = { ...this.active, last: { ...this.active.last, [event.type]: event } };
    this.events.fire({ training: this.active, event });
  }

  end(): void {
    this.active = null;
    this.changes.fire(undefined);
  }

  start(experiment: vscode.Uri, options?: { readonly resume?: boolean }): Promise<undefined> {
    this.started.push({ experiment: experiment.fsPath, resume: options?.resume ?? false });
    return Promise.resolve(undefined);
  }

  stop(): void {
    this.stops++;
  }
}

/** Runs in memory. */
export class FakeRuns implements Runs {
  readonly runs: RunSummary[] = [];
  private readonly changes = new Emitter<undefined>();
  readonly onDidChange = this.changes.event as vscode.Event<void>;

  list(): Promise<readonly RunSummary[]> {
    return Promise.resolve([...this.runs].sort((a, b) => b.created.getTime() - a.created.getTime()));
  }

  put(run: RunSummary): void {
    const at = this.runs.findIndex(({ directory }) => directory === run.directory);
    if (at >= 0) this.runs[at] = run;
    else this.runs.push(run);
    this.changes.fire(undefined);
  }

  rename(): Promise<void> {
    return Promise.resolve();
  }

  remove(run: RunSummary): Promise<void> {
    this.runs.splice(this.runs.indexOf(run), 1);
    this.changes.fire(undefined);
    return Promise.resolve();
  }
}

/** A run of the experiment `spam`, changed by what the test cares about. */
export function makeRun(number: number, change: Partial<RunSummary> = {}, training = '{}', model = '{}'): RunSummary {
  const name = `spam-${number}`;
  const text = `{"data": {"train": "chat.csv"}, "model": ${model}, "training": ${training}}`;
  return {
    name,
    displayName: name,
    experimentName: 'spam',
    number,
    directory: `/workspace/.sequence-lab/runs/${name}`,
    experiment: parseExperiment(text, 'spam.rnn.json').experiment,
    status: 'finished',
    report: null,
    created: new Date(Date.UTC(2026, 4, 4, 9, number)),
    checkpoint: null,
    model: null,
    ...change,
  };
}

/** Scores of two classes; `quality` in 0…1. */
export function makeScores(quality: number, labels: readonly string[] = ['fine', 'toxic']): ClassificationMetrics {
  const perClass = labels.map((label, index) => ({
    label,
    precision: quality - 0.01 * index,
    recall: quality - 0.02 * index,
    f1: quality - 0.015 * index,
    support: 120 - 40 * index,
  }));
  const confusion = labels.map((_, truth) =>
    labels.map((__, predicted) =>
      truth === predicted ? Math.round(100 * quality) : Math.round((100 * (1 - quality)) / (labels.length - 1)),
    ),
  );
  return { loss: 1.1 - quality, accuracy: quality, macroF1: quality - 0.01, perClass, confusion };
}

/** A report with a best epoch and, where the run is finished, a test. */
export function makeReport(change: Partial<Report> = {}): Report {
  return {
    experimentFile: '/workspace/spam.rnn.json',
    status: 'finished',
    task: 'classification',
    best: { epoch: 3, validation: makeScores(0.93) },
    test: makeScores(0.91),
    epochs: 5,
    steps: 500,
    tokensPerSecond: 184_000,
    seconds: 62,
    parameters: 1_234_567,
    data: {
      classes: [
        { label: 'fine', count: 900 },
        { label: 'toxic', count: 300 },
      ],
      examples: { train: 1000, validation: 100, test: 100 },
      vocabulary: 5000,
      coverage: 0.97,
      duplicatesAcrossParts: 0,
      vectorsFound: null,
    },
    ...change,
  };
}

/** The records of a run: a loss that falls with seeded noise, and an epoch's end every `perEpoch` steps. */
export function makeMetrics(steps: number, perEpoch: number, seed: number): (StepMetrics | EpochMetrics)[] {
  let state = seed * 2654435761 + 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const lines: (StepMetrics | EpochMetrics)[] = [];
  let best = 0;
  for (let step = 1; step <= steps; step++) {
    const epoch = Math.ceil(step / perEpoch);
    const done = step / steps;
    const floor = 0.08 + 0.02 * (seed % 7);
    const loss = (floor + 0.62 * Math.exp(-5 * done)) * (0.75 + 0.5 * random());
    const gradientNorm = Math.exp(1.2 * (random() - 0.5) - 1.2 * done + 0.4);
    lines.push({ step, epoch, loss, gradientNorm, learningRate: 1e-3 * (1 - done) ** 1.5, tokens: 600 });
    if (step % perEpoch !== 0) continue;
    const quality = 0.955 - 0.012 * (seed % 7) - 0.3 * Math.exp(-6 * done) - 0.06 * Math.max(0, done - 0.6);
    const validation = makeScores(quality);
    lines.push({ epoch, steps: step, trainingLoss: loss, validation, best: quality > best });
    best = Math.max(best, quality);
  }
  return lines;
}
