/** Brings a table of numbers to the front: an open one, else the data of a run. Looks for no anomalies itself. */
import * as vscode from 'vscode';
import type { RunSummary } from '../../runs/readRun';
import { forecastFiles } from '../series/forecastFiles';

/** Opens the run's data where it is open already, else any open table, else the run's data; nothing where there is none. */
export async function openSeries(run: RunSummary | undefined): Promise<void> {
  const own =
    run === undefined
      ? []
      : forecastFiles(run)
          .map(({ path }) => path)
          .filter(isTable);
  const tabs = vscode.window.tabGroups.all.flatMap(({ tabs, viewColumn }) =>
    tabs.flatMap(({ input, isActive }) => {
      const isOpen = input instanceof vscode.TabInputText && isTable(input.uri.fsPath);
      return isOpen ? [{ uri: input.uri, viewColumn, isActive }] : [];
    }),
  );
  const open = tabs.find(({ uri }) => own.includes(uri.fsPath)) ?? tabs.find(({ isActive }) => isActive) ?? tabs[0];
  if (open !== undefined) {
    await vscode.window.showTextDocument(open.uri, { viewColumn: open.viewColumn });
  } else if (own[0] !== undefined) {
    await vscode.window.showTextDocument(vscode.Uri.file(own[0]), { viewColumn: vscode.ViewColumn.Beside });
  }
}

function isTable(path: string): boolean {
  return /\.(csv|tsv)$/iu.test(path);
}
