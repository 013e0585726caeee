/** Finds the experiments, data files and run folders of the workspace, and knows when that has changed. */
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { walkFolders } from '../files/walkFolders';
import type { WorkspaceFiles } from './contracts';
import { isData, isExperiment } from './fileKinds';
import { changes, runsFolderSetting } from './settings';

/** Files of a run whose change says something new about it; not the metrics, which grow with every step. */
const telling = '{experiment.json,report.json,model.onnx,name.txt,checkpoint.safetensors,lock-*}';
/** Milliseconds that changes are gathered for. */
const gathering = 300;

/** A view of the workspace's folders that is kept until something changes. */
export class WorkspaceScan implements vscode.Disposable {
  private found: Promise<WorkspaceFiles> | undefined;
  private watchers: vscode.Disposable | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  /** Files came, went or changed. */
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable;

  constructor() {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.watchAgain();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (changes(event, 'runsFolder')) this.watchAgain();
      }),
    );
  }

  /** What there is now. */
  files(): Promise<WorkspaceFiles> {
    this.watchers ??= this.watch();
    return (this.found ??= scan());
  }

  /** Forgets what was found and tells so, a moment later. */
  refresh(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.found = undefined;
      this.changed.fire();
    }, gathering);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watchers?.dispose();
    this.subscriptions.dispose();
    this.changed.dispose();
  }

  private watchAgain(): void {
    this.watchers?.dispose();
    this.watchers = undefined;
    this.refresh();
  }

  private watch(): vscode.Disposable {
    const patterns = localFolders().flatMap((folder) => {
      const runs = runsFolderSetting(folder.uri).replaceAll('\\', '/');
      const [base, prefix] = isAbsolute(runs) ? [vscode.Uri.file(runs), ''] : [folder, `**/${runs}/`];
      return [
        new vscode.RelativePattern(folder, '**/*.rnn.json'),
        new vscode.RelativePattern(base, `${prefix}*`),
        new vscode.RelativePattern(base, `${prefix}*/${telling}`),
      ];
    });
    const refresh = () => {
      this.refresh();
    };
    return vscode.Disposable.from(
      ...patterns.map((pattern) => {
        const watcher = vscode.workspace.createFileSystemWatcher(pattern);
        watcher.onDidCreate(refresh);
        watcher.onDidChange(refresh);
        watcher.onDidDelete(refresh);
        return watcher;
      }),
    );
  }
}

/** The data files that are there at this moment, which nothing watches. */
export async function findData(): Promise<readonly vscode.Uri[]> {
  return (await scan()).data;
}

/** The workspace folders that are on this machine's disk. */
export function localFolders(): readonly vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}

async function scan(): Promise<WorkspaceFiles> {
  const experiments: vscode.Uri[] = [];
  const data: vscode.Uri[] = [];
  const runsFolders = new Set<string>();
  for (const { uri } of localFolders()) {
    const runs = runsFolderSetting(uri);
    const first = runs.split(/[\\/]/).find((part) => part !== '.' && part !== '');
    if (isAbsolute(runs)) runsFolders.add(runs);
    for await (const { path, files, folders } of walkFolders(uri.fsPath)) {
      const uris = (wanted: (name: string) => boolean) =>
        files.filter(wanted).map((name) => vscode.Uri.file(join(path, name)));
      experiments.push(...uris(isExperiment));
      data.push(...uris(isData));
      if (!isAbsolute(runs) && (first === '..' || folders.includes(first ?? ''))) runsFolders.add(join(path, runs));
    }
  }
  return { experiments, data, runsFolders: [...runsFolders] };
}
