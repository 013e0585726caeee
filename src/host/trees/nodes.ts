/** What stands in the trees of the activity bar, as the commands of their menus get it. */
import type * as vscode from 'vscode';
import type { RunSummary } from '../../runs/readRun';

/** An experiment file. */
export interface ExperimentNode {
  readonly kind: 'experiment';
  readonly uri: vscode.Uri;
  /** How many runs it has, and whether one of them can be resumed. */
  readonly runs: number;
  readonly resumable: boolean;
}

/** A run. */
export interface RunNode {
  readonly kind: 'run';
  readonly run: RunSummary;
  readonly resumable: boolean;
}

/** The model that a run exported. */
export interface ModelNode {
  readonly kind: 'model';
  readonly run: RunSummary;
  readonly path: string;
}

export type Node = ExperimentNode | RunNode | ModelNode;

/** Whether the argument of a command is a node of ours. */
export function isNode(value: unknown): value is Node {
  const kinds: readonly unknown[] = ['experiment', 'run', 'model'] satisfies Node['kind'][];
  return typeof value === 'object' && value !== null && 'kind' in value && kinds.includes(value.kind);
}
