/**
 * Keeps the panel up to date: the runs, the curves of those that it draws, and the active training. Curves come from disk
 * when a run is first drawn and from the training's own events after that. Must not know vscode.
 */
import type { HostMessage } from '../../panelMessages';
import type { EpochMetrics, Metrics, StepMetrics, TrainingEvent } from '../../protocol';
import type { RunSummary } from '../../runs/readRun';
import type { ActiveTraining, Runs, Trainings } from '../contracts';
import { epochPoint, stepColumns, type TimedStep } from './curveColumns';
import { describeDetail, type TagStyleOf } from './describeDetail';
import { describeRun, type ModelWords } from './describeRun';
import type { SpeedLog } from './speedLog';
import { trainingStatus } from './trainingStatus';

/** Milliseconds in which events are gathered into one message. */
const beat = 100;

/** Where the feed learns what it tells. */
export interface FeedSources {
  readonly trainings: Trainings;
  readonly runs: Runs;
  readonly speeds: SpeedLog;
  /** All lines of a run's `metrics.jsonl`. */
  readonly readMetrics: (run: RunSummary) => Promise<readonly (StepMetrics | EpochMetrics)[]>;
  readonly words: ModelWords;
  readonly tagStyle: TagStyleOf;
  /** Name of an experiment that has no run yet. */
  readonly experimentName: (training: ActiveTraining) => string;
}

/** What the feed tells, and whom it tells of failures. */
export interface FeedOutlet {
  readonly post: (message: HostMessage) => void;
  readonly fail: (error: unknown) => void;
  /** The panel has runs to show, or none. */
  readonly hasRuns: (has: boolean) => void;
}

interface Fresh {
  readonly steps: TimedStep[];
  readonly epochs: EpochMetrics[];
}

/** Feeds one open panel. */
export class RunFeed {
  /** The runs as they were listed last. */
  list: readonly RunSummary[] = [];
  private watched = new Set<string>();
  /** Runs whose curves the panel has; what is fresh of the others waits for them. */
  private readonly sent = new Set<string>();
  private readonly fresh = new Map<string, Fresh>();
  private selected: string | null = null;
  private latest: { readonly run: string; readonly best: Metrics } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reading: Promise<void> = Promise.resolve();
  private listing: Promise<void> | undefined;
  private mustListAgain = false;
  private isDisposed = false;
  private readonly subscriptions: readonly { dispose(): unknown }[];

  constructor(
    private readonly sources: FeedSources,
    private readonly outlet: FeedOutlet,
  ) {
    const { trainings, runs } = sources;
    this.subscriptions = [
      trainings.onEvent(({ training, event }) => {
        this.hear(training, event);
      }),
      trainings.onDidChangeActive(() => {
        this.schedule();
        void this.refresh();
      }),
      runs.onDidChange(() => void this.refresh()),
    ];
  }

  /** Tells a page that was just loaded all that it needs to begin. */
  async start(): Promise<void> {
    this.watched = new Set();
    this.sent.clear();
    this.tellTraining();
    await this.refresh();
  }

  /** Lists the runs anew; calls during a listing are answered by one more. */
  refresh(): Promise<void> {
    if (this.listing !== undefined) {
      this.mustListAgain = true;
      return this.listing;
    }
    this.listing = this.listRuns().finally(() => {
      this.listing = undefined;
      if (!this.mustListAgain) return;
      this.mustListAgain = false;
      void this.refresh();
    });
    return this.listing;
  }

  /** Sends the curves of these runs, and what comes after. */
  watch(runs: readonly string[]): void {
    this.watched = new Set(runs);
    for (const run of this.sent) if (!this.watched.has(run)) this.sent.delete(run);
    this.sendCurves();
  }

  /** Sends the scores of a run, now and whenever they change. */
  select(run: string): void {
    this.selected = run;
    this.tellDetail();
  }

  /** The run by its id. */
  find(run: string): RunSummary | undefined {
    return this.list.find(({ directory }) => directory === run);
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async listRuns(): Promise<void> {
    try {
      this.list = await this.sources.runs.list();
    } catch (error) {
      this.outlet.fail(error);
      return;
    }
    if (this.isDisposed) return;
    this.outlet.hasRuns(this.list.length > 0);
    this.outlet.post({ type: 'runs', runs: this.list.map((run) => describeRun(run, this.sources.words)) });
    this.tellDetail();
    this.sendCurves();
  }

  private hear(training: ActiveTraining, event: TrainingEvent): void {
    this.schedule();
    const run = training.run?.directory;
    if (run === undefined) return;
    if (event.type === 'run') {
      // A resumed run goes on from its checkpoint: what came after that is void.
      this.fresh.delete(run);
      this.sent.delete(run);
      this.sendCurves();
    }
    if (event.type === 'step') this.freshOf(run).steps.push(event);
    if (event.type === 'epoch') {
      this.freshOf(run).epochs.push(event);
      if (event.best) this.latest = { run, best: event.validation };
      this.tellDetail();
    }
  }

  private freshOf(run: string): Fresh {
    let fresh = this.fresh.get(run);
    if (fresh === undefined) this.fresh.set(run, (fresh = { steps: [], epochs: [] }));
    return fresh;
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.flush();
    }, beat);
  }

  private flush(): void {
    if (this.isDisposed) return;
    this.tellTraining();
    for (const [run, { steps, epochs }] of this.fresh) {
      // The curves of a run that is being read must come first; those of an unwatched one are read when it is watched.
      if (this.watched.has(run) && !this.sent.has(run)) continue;
      this.fresh.delete(run);
      if (!this.watched.has(run)) continue;
      this.outlet.post({ type: 'more', run, steps: stepColumns(steps), epochs: epochs.map(epochPoint) });
    }
  }

  private tellTraining(): void {
    const { active } = this.sources.trainings;
    const training = active === null ? null : trainingStatus(active, this.sources.experimentName(active));
    this.outlet.post({ type: 'training', training });
  }

  /** Reads and sends the curves that are wanted, one run after the other. */
  private sendCurves(): void {
    for (const run of this.list) {
      if (!this.watched.has(run.directory) || this.sent.has(run.directory)) continue;
      this.reading = this.reading.then(() => this.sendCurvesOf(run));
    }
  }

  private async sendCurvesOf(run: RunSummary): Promise<void> {
    const { directory } = run;
    if (!this.isWanted(directory)) return;
    try {
      const lines = await this.sources.readMetrics(run);
      const steps: TimedStep[] = [];
      const epochs: EpochMetrics[] = [];
      for (const line of lines) {
        if ('validation' in line) epochs.push(line);
        else steps.push({ ...line, tokensPerSecond: this.sources.speeds.at(directory, line.step) });
      }
      if (!this.isWanted(directory)) return;
      this.outlet.post({
        type: 'curves',
        run: directory,
        steps: stepColumns(steps),
        epochs: epochs.map(epochPoint),
      });
      this.sent.add(directory);
      if (this.fresh.has(directory)) this.schedule();
    } catch (error) {
      this.outlet.fail(error);
    }
  }

  /** Whether the panel draws a run whose curves it does not have. */
  private isWanted(directory: string): boolean {
    return !this.isDisposed && this.watched.has(directory) && !this.sent.has(directory);
  }

  private tellDetail(): void {
    const run = this.selected === null ? undefined : this.find(this.selected);
    if (run === undefined) return;
    const { report } = run;
    const validation = this.latest?.run === run.directory ? this.latest.best : report?.best?.validation;
    const detail = describeDetail(run.experiment.task, validation ?? null, report?.test ?? null, this.sources.tagStyle);
    this.outlet.post({ type: 'detail', run: run.directory, ...detail });
  }
}
