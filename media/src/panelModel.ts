/** All that the panel knows: what the host sent, and what the person chose. Draws nothing. */
import type {
  HostMessage,
  PanelMessage,
  PanelMistake,
  PanelView,
  RunRow,
  TrainingStatus,
} from '../../src/panelMessages';
import { mainScore, type ScoreName, scoreNames } from '../../src/scores';
import { ForecastModel } from './forecastModel';
import type { PanelState } from './panelState';
import { assignSlots, lookOf, type RunLook, type ThemeColors } from './runColors';
import { RunCurves } from './runCurves';
import { setTexts } from './texts';
import { TryIt } from './tryItModel';

/** Runs that are ticked when the panel is opened for the first time. */
const firstTicked = 3;

/** Scores of the selected run. */
export type RunDetail = Omit<Extract<HostMessage, { type: 'detail' }>, 'type'>;

/** The misclassified examples of a run. */
export interface Mistakes {
  readonly run: string;
  readonly mistakes: readonly PanelMistake[];
  readonly count: number;
  readonly problem: string | null;
}

/** Two runs' experiment files, as far as they differ. */
export type Comparison = Extract<HostMessage, { type: 'comparison' }>;

/** A cell of the confusion matrix, by the indices of its classes. */
export interface Cell {
  readonly truth: number;
  readonly predicted: number;
}

/** What the model needs of the page. */
export interface ModelSurroundings {
  readonly tell: (message: PanelMessage) => void;
  readonly keep: (state: PanelState) => void;
  /** Something changed; `curves` says that the charts must be drawn again. */
  readonly changed: (curves: boolean) => void;
  readonly theme: () => ThemeColors;
}

/** The panel's knowledge with everything that may happen to it. */
export class PanelModel {
  isSetUp = false;
  view: PanelView | undefined;
  runs: readonly RunRow[] = [];
  training: TrainingStatus | null = null;
  detail: RunDetail | undefined;
  cell: Cell | undefined;
  mistakes: Mistakes | undefined;
  isFindingMistakes = false;
  comparison: Comparison | undefined;
  readonly tryIt: TryIt;
  readonly curves = new Map<string, RunCurves>();
  /** The forecast of the selected run's data. */
  readonly forecast: ForecastModel;
  private settingSmoothing = 0.6;

  constructor(
    public state: PanelState,
    private readonly outside: ModelSurroundings,
  ) {
    this.forecast = new ForecastModel({
      tell: outside.tell,
      changed: () => {
        outside.changed(true);
      },
    });
    this.tryIt = new TryIt({
      tell: outside.tell,
      changed: () => {
        outside.changed(false);
      },
      state: () => this.state,
      set: (change) => {
        this.set(change);
      },
      runs: () => (this.selected === undefined ? this.runs : [this.selected, ...this.runs]),
      selected: () => this.selected,
    });
  }

  /** Weight of the past in the smoothed curves, 0…1. */
  get smoothing(): number {
    return this.state.smoothing ?? this.settingSmoothing;
  }

  /** The runs that are drawn and known, in the order of their places. */
  get ticked(): readonly RunRow[] {
    const { ticked, slots } = this.state;
    return this.runs.filter(({ id }) => ticked?.includes(id)).sort((a, b) => (slots[a.id] ?? 0) - (slots[b.id] ?? 0));
  }

  get selected(): RunRow | undefined {
    return this.runs.find(({ id }) => id === this.state.selected);
  }

  /** The validation scores that the drawn runs have. */
  get scores(): readonly ScoreName[] {
    const points = this.ticked.flatMap(({ id }) => this.curves.get(id)?.epochs.at(-1) ?? []);
    return scoreNames.filter((name) => points.some(({ scores }) => scores[name] !== undefined));
  }

  /** The score that is drawn: the chosen one, where a run has it. */
  get score(): ScoreName {
    const { scores, state } = this;
    if (scores.length === 0 || scores.includes(state.score)) return state.score;
    return mainScore(Object.fromEntries(scores.map((name) => [name, 0]))).name;
  }

  /** The look of a run; undefined where it is not ticked. */
  look(run: string): RunLook | undefined {
    const slot = this.state.ticked?.includes(run) ? this.state.slots[run] : undefined;
    return slot === undefined ? undefined : lookOf(slot, this.outside.theme());
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case 'setup':
        setTexts(message.texts, message.language);
        this.settingSmoothing = message.smoothing;
        this.isSetUp = true;
        break;
      case 'show':
        this.view = message.view;
        break;
      case 'runs':
        this.takeRuns(message.runs);
        this.seekForecast();
        this.tryIt.refresh();
        break;
      case 'training':
        this.training = message.training;
        this.welcome(message.training?.run ?? null);
        break;
      case 'curves':
        this.curves.set(message.run, new RunCurves(message.steps, message.epochs));
        break;
      case 'more':
        this.curves.get(message.run)?.add(message.steps, message.epochs);
        break;
      case 'detail':
        if (message.run === this.state.selected) this.detail = message;
        this.seekForecast();
        break;
      case 'forecast':
        if (message.run === this.state.selected) this.forecast.receive(message);
        break;
      case 'mistakes':
        if (message.run === this.state.selected) {
          this.mistakes = message;
          this.isFindingMistakes = false;
        }
        break;
      case 'choose':
        if (!this.state.ticked?.includes(message.run)) this.tick(message.run, true);
        this.select(message.run);
        break;
      case 'comparison':
        this.comparison = message;
        break;
      case 'models':
      case 'answer':
      case 'selection':
      case 'continued':
      case 'continuedEnd':
        this.tryIt.receive(message);
        break;
    }
    this.outside.changed(['curves', 'more', 'runs', 'training', 'forecast'].includes(message.type));
  }

  /** Draws a run's curves or leaves them out. */
  tick(run: string, isTicked: boolean): void {
    const others = (this.state.ticked ?? []).filter((id) => id !== run);
    this.setTicked(isTicked ? [...others, run] : others);
  }

  select(run: string): void {
    if (this.state.selected !== run) {
      this.detail = undefined;
      this.cell = undefined;
      this.mistakes = undefined;
      this.isFindingMistakes = false;
      this.forecast.forget();
      this.set({ selected: run, triedTask: null });
      this.tryIt.refresh();
    }
    this.outside.tell({ type: 'select', run });
  }

  /** Lists the mistakes behind a cell; the same cell once more lists all. */
  choose(cell: Cell): void {
    const isSame = this.cell?.truth === cell.truth && this.cell.predicted === cell.predicted;
    this.cell = isSame ? undefined : cell;
    this.findMistakes();
  }

  /** Asks for the mistakes of the selected run, once. */
  findMistakes(): void {
    const run = this.state.selected;
    if (run !== null && !this.isFindingMistakes && (this.mistakes?.run !== run || this.mistakes.problem !== null)) {
      this.isFindingMistakes = true;
      this.mistakes = undefined;
      this.outside.tell({ type: 'findMistakes', run });
    }
    this.outside.changed(false);
  }

  closeComparison(): void {
    this.comparison = undefined;
    this.outside.changed(false);
  }

  /** Changes what is remembered. */
  set(change: Partial<PanelState>): void {
    this.state = { ...this.state, ...change };
    this.outside.keep(this.state);
    this.outside.changed('smoothing' in change || 'score' in change || 'zoom' in change || 'selected' in change);
  }

  /** Asks for the forecast of a forecaster's data as soon as there is a model. */
  private seekForecast(): void {
    const { selected, detail } = this;
    if (selected !== undefined && detail?.run === selected.id && detail.task === 'forecasting') {
      this.forecast.seek(selected);
    }
  }

  private takeRuns(runs: readonly RunRow[]): void {
    this.runs = runs;
    const known = new Set(runs.map(({ id }) => id));
    if (this.training?.run != null) known.add(this.training.run);
    const ticked = this.state.ticked ?? runs.slice(0, firstTicked).map(({ id }) => id);
    const present = ticked.filter((id) => known.has(id));
    if (present.length !== ticked.length || this.state.ticked === null) {
      // Nothing to remember before there is a run.
      if (runs.length > 0) this.setTicked(present);
    } else {
      this.watch();
    }
    const { selected } = this.state;
    if (selected === null || !known.has(selected)) {
      const next = present[0] ?? runs[0]?.id;
      if (next !== undefined) this.select(next);
    } else if (this.detail === undefined) {
      this.select(selected);
    }
  }

  /** A run that begins is shown at once. */
  private welcome(run: string | null): void {
    if (run === null || run === this.state.lastActive) return;
    this.set({ lastActive: run });
    if (!this.state.ticked?.includes(run)) this.tick(run, true);
    this.select(run);
  }

  private setTicked(ticked: string[]): void {
    for (const run of this.curves.keys()) if (!ticked.includes(run)) this.curves.delete(run);
    this.set({ ticked, slots: assignSlots(ticked, this.state.slots) });
    this.watch();
    this.outside.changed(true);
  }

  private watch(): void {
    this.outside.tell({ type: 'watch', runs: this.state.ticked ?? [] });
  }
}
