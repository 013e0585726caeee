/** The settings that people make, read where they are needed. */
import { dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { TrainParameters } from '../protocol';

const section = 'sequenceLab';

type SettingName =
  'threads' | 'checkpointInterval' | 'runsFolder' | 'smoothing' | 'generationLength' | 'generationTemperature';

function read<T extends number | string>(name: SettingName, scope: vscode.Uri | undefined, otherwise: T) {
  return vscode.workspace.getConfiguration(section, scope).get(name, otherwise);
}

/** Whether a change is about a setting of ours. */
export function changes(event: vscode.ConfigurationChangeEvent, name: SettingName): boolean {
  return event.affectsConfiguration(`${section}.${name}`);
}

/** The folder for runs as the user wrote it: absolute, or relative to the folder of the experiment file. */
export function runsFolderSetting(scope: vscode.Uri | undefined): string {
  const folder = read('runsFolder', scope, '').trim();
  return folder === '' ? join('.sequence-lab', 'runs') : folder;
}

/** Weight of the past in the smoothed loss, 0…0.99. */
export function smoothing(): number {
  return Math.min(0.99, Math.max(0, read('smoothing', undefined, 0.6)));
}

/** Tokens that Continue Text and the panel add. */
export function generationLength(scope: vscode.Uri | undefined): number {
  return Math.min(1_000_000, Math.max(1, Math.round(read('generationLength', scope, 300))));
}

/** How bold generated text is: 0 takes the likeliest token. */
export function generationTemperature(scope: vscode.Uri | undefined): number {
  return Math.min(10, Math.max(0, read('generationTemperature', scope, 0.8)));
}

/** Path of the folder that takes the runs of an experiment. */
export function runsFolderOf(experiment: vscode.Uri): string {
  const folder = runsFolderSetting(experiment);
  return isAbsolute(folder) ? folder : join(dirname(experiment.fsPath), folder);
}

/** What the settings say about the training of an experiment. */
export function trainParameters(experiment: vscode.Uri, resume: boolean | string): TrainParameters {
  const threads = read<number>('threads', experiment, 0);
  return {
    experiment: experiment.fsPath,
    runs: runsFolderOf(experiment),
    resume,
    ...(threads >= 1 ? { threads: Math.floor(threads) } : {}),
    checkpointSeconds: Math.max(0, read('checkpointInterval', experiment, 30)),
  };
}
