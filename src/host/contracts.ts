/** What the parts of the host offer one another, as interfaces: commands, panel, trees and editor features meet here. */
import type * as vscode from 'vscode';
import type { EngineClient } from '../engine/client';
import type {
  ClassPrediction,
  ModelDescription,
  TagPrediction,
  Task,
  TrainingEvent,
  TrainingResult,
  Translation,
} from '../protocol';
import type { RunSummary } from '../runs/readRun';

/** The requests to the engine. */
export type EngineRequests = Pick<
  EngineClient,
  'train' | 'predict' | 'tag' | 'translate' | 'generate' | 'forecast' | 'evaluate' | 'inspect' | 'mistakes'
>;

/** The engine, whose process starts with the first request; that it crashed is told to the user once, by it alone. */
export interface Engine {
  readonly client: EngineRequests;
  /** Starts the process where a request will follow soon. */
  warmUp(): void;
}

/** A training that goes on in this window. */
export interface ActiveTraining {
  readonly experiment: vscode.Uri;
  /** Name and folder of the run; null until the data is read and the run begins. */
  readonly run: { readonly name: string; readonly directory: string } | null;
  /** The last event of each kind that tells how it stands. */
  readonly last: { readonly [T in TrainingEvent['type']]?: Extract<TrainingEvent, { type: T }> };
  readonly isStopping: boolean;
}

/** Starts, stops and watches trainings; one at a time. */
export interface Trainings {
  readonly active: ActiveTraining | null;
  /** Every event of the active training, in order. */
  readonly onEvent: vscode.Event<{ readonly training: ActiveTraining; readonly event: TrainingEvent }>;
  /** A training began, got its run, or ended. */
  readonly onDidChangeActive: vscode.Event<void>;
  /**
   * Trains an experiment file or resumes its latest unfinished run, or that of a folder; resolves when it has ended.
   * Shows failures itself.
   * Undefined where there was no run.
   */
  start(experiment: vscode.Uri, options?: { readonly resume?: boolean | string }): Promise<TrainingResult | undefined>;
  /** Asks the active training to keep a checkpoint and stop. */
  stop(): void;
}

/** The files of all workspace folders that matter to us, found within bounds. */
export interface WorkspaceFiles {
  /** Experiment files, nearest to the root first. */
  readonly experiments: readonly vscode.Uri[];
  /** Data files, nearest to the root first. */
  readonly data: readonly vscode.Uri[];
  /** Paths of the folders that hold runs. */
  readonly runsFolders: readonly string[];
}

/** The runs on disk of all workspace folders. */
export interface Runs {
  /** Newest first. */
  list(): Promise<readonly RunSummary[]>;
  /** The list or a run's state may have changed. */
  readonly onDidChange: vscode.Event<void>;
  rename(run: RunSummary, name: string): Promise<void>;
  /** Moves the run's folder to the trash where there is one. */
  remove(run: RunSummary): Promise<void>;
}

/** The models in use, one for each task. */
export interface Models {
  /** Path of the model file that classifies. */
  readonly active: vscode.Uri | undefined;
  readonly onDidChangeActive: vscode.Event<void>;
  /** Path of the active model file of a task. */
  activeOf(task: Task): vscode.Uri | undefined;
  /** Makes a model the active one of its task, after the engine has read it. */
  activate(model: vscode.Uri): Promise<ModelDescription>;
  /** Predicts with the active model; undefined where the user chose none. */
  classify(
    texts: readonly string[],
    options?: { readonly explain?: boolean; readonly signal?: AbortSignal },
  ): Promise<readonly ClassPrediction[] | undefined>;
  /** Tags with the active tagger; undefined where the user chose none. */
  tag(texts: readonly string[], signal?: AbortSignal): Promise<readonly TagPrediction[] | undefined>;
  /** Translates with the active translator; undefined where the user chose none. */
  translate(texts: readonly string[], signal?: AbortSignal): Promise<readonly Translation[] | undefined>;
}
