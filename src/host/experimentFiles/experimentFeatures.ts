/** All that the editor does for experiment files, beside the JSON Schema that package.json contributes. */
import * as vscode from 'vscode';
import type { Runs } from '../contracts';
import { ExperimentDiagnostics } from './experimentDiagnostics';
import { experimentFiles } from './experimentDocuments';
import { ExperimentLenses } from './experimentLenses';
import { LayerHints } from './layerHints';

/** Diagnostics, actions above the file and hints in it. */
export function registerExperimentFeatures(
  runs: Pick<Runs, 'list' | 'onDidChange'>,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.Disposable.from(
    new ExperimentDiagnostics(log),
    vscode.languages.registerCodeLensProvider(experimentFiles, new ExperimentLenses(runs)),
    vscode.languages.registerInlayHintsProvider(experimentFiles, new LayerHints(runs)),
  );
}
