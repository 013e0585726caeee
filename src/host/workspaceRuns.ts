/** The runs of all workspace folders, read when they are asked for. Changes nothing. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunSummary } from '../runs/readRun';
import type { Runs } from './contracts';

export class WorkspaceRuns implements Pick<Runs, 'list' | 'onDidChange'>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly watcher = vscode.workspace.createFileSystemWatcher(
    '**/.sequence-lab/runs/*/{report.json,model.onnx}',
  );

  constructor() {
    const tell = () => {
      this.changed.fire();
    };
    this.watcher.onDidCreate(tell);
    this.watcher.onDidChange(tell);
    this.watcher.onDidDelete(tell);
  }

  /** All runs below `.sequence-lab/runs` of the workspace's folders, newest first; those that cannot be read are left out. */
  async list(): Promise<readonly RunSummary[]> {
    const { listRuns } = await import('../runs/readRun');
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const lists = await Promise.all(folders.map(({ uri }) => listRuns(join(uri.fsPath, '.sequence-lab', 'runs'))));
    return lists.flatMap(({ runs }) => runs).sort((a, b) => b.created.getTime() - a.created.getTime());
  }

  dispose(): void {
    this.watcher.dispose();
    this.changed.dispose();
  }
}
