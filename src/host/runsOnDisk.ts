/** The runs on disk of all workspace folders, for the trees and the panel. */
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../errors';
import type { listRuns, RunSummary } from '../runs/readRun';
import type { Runs, Trainings } from './contracts';
import { userSentence } from './userSentence';
import type { WorkspaceScan } from './workspaceScan';

/** Lists, renames and removes runs. */
export class RunsOnDisk implements Runs, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private listed: Promise<readonly RunSummary[]> | undefined;
  /** Folders of runs that this window trained, wherever they are. */
  private readonly furtherFolders = new Set<string>();
  private readonly told = new Set<string>();
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly scan: WorkspaceScan,
    trainings: Trainings,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscription = vscode.Disposable.from(
      scan.onDidChange(() => {
        this.refresh();
      }),
      trainings.onDidChangeActive(() => {
        const directory = trainings.active?.run?.directory;
        if (directory !== undefined) this.furtherFolders.add(dirname(directory));
        this.refresh();
      }),
    );
  }

  list(): Promise<readonly RunSummary[]> {
    const listing = (this.listed ??= this.read());
    // The next caller tries again; this one gets the error.
    listing.catch(() => {
      if (this.listed === listing) this.listed = undefined;
    });
    return listing;
  }

  async rename(run: RunSummary, name: string): Promise<void> {
    const { renameRun } = await import('../runs/displayName');
    await renameRun(run.directory, run.name, name);
    this.refresh();
  }

  async remove(run: RunSummary): Promise<void> {
    const { readRun } = await import('../runs/readRun');
    const { status } = await readRun(run.directory);
    if (status === 'running') {
      throw new UserError(vscode.l10n.t('{0} is being trained; stop it before you delete it.', run.displayName));
    }
    const folder = vscode.Uri.file(run.directory);
    try {
      await vscode.workspace.fs.delete(folder, { recursive: true, useTrash: true });
    } catch (error) {
      this.log.info(`No trash for ${run.directory}: ${String(error)}`);
      if (!(await confirmForGood(run))) return;
      await vscode.workspace.fs.delete(folder, { recursive: true, useTrash: false });
    }
    this.refresh();
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  private refresh(): void {
    this.listed = undefined;
    this.changed.fire();
  }

  private async read(): Promise<readonly RunSummary[]> {
    const reader = await import('../runs/readRun');
    const { runsFolders } = await this.scan.files();
    const folders = new Set([...runsFolders, ...this.furtherFolders]);
    const lists = await Promise.all([...folders].map((folder) => this.readFolder(folder, reader.listRuns)));
    return lists.flat().sort((a, b) => b.created.getTime() - a.created.getTime() || b.number - a.number);
  }

  private async readFolder(folder: string, read: typeof listRuns): Promise<readonly RunSummary[]> {
    try {
      const { runs, unreadable } = await read(folder);
      for (const { directory, error } of unreadable) this.tellOnce(directory, error);
      return runs;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.tellOnce(folder, error);
      return [];
    }
  }

  private tellOnce(path: string, error: UserError): void {
    if (this.told.has(path)) return;
    this.told.add(path);
    this.log.warn(`${path} is not shown: ${userSentence(error)}`);
  }
}

async function confirmForGood(run: RunSummary): Promise<boolean> {
  const remove = vscode.l10n.t('Delete Permanently');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('There is no trash here. Delete {0} with its model for good?', run.displayName),
    { modal: true },
    remove,
  );
  return answer === remove;
}
