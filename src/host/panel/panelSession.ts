/** One loaded page of the panel with all that serves it; loaded at the panel's first use, to keep activation short. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { parsePanelMessage, type HostMessage, type PanelView } from '../../panelMessages';
import { readMetrics } from '../../runs/metricsFile';
import { runFiles } from '../../runs/readRun';
import { showFailure } from '../showFailure';
import { reportWords } from '../userSentence';
import { PanelActions, type PanelServices } from './panelActions';
import { RunFeed } from './runFeed';
import type { SpeedLog } from './speedLog';
import { TryIt } from './tryIt';
import { translatePanelTexts } from './translatePanelTexts';

/** The host's other parts, with the speeds heard so far. */
type SessionServices = PanelServices & { readonly speeds: SpeedLog };

/** What a session works with. */
export interface SessionOptions {
  readonly webview: vscode.Webview;
  readonly log: vscode.LogOutputChannel;
  readonly services: SessionServices;
  /** What the panel shows while there is no run. */
  readonly emptyView: () => PanelView;
}

/** Serves one page. */
export class PanelSession {
  private readonly feed: RunFeed;
  private readonly actions: PanelActions;
  private readonly tryIt: TryIt;
  private chosen: string | undefined;

  constructor(private readonly options: SessionOptions) {
    const { services, log } = options;
    const post = (message: HostMessage) => {
      this.post(message);
    };
    this.feed = this.createFeed(post);
    this.tryIt = new TryIt(services, post, log);
    this.actions = new PanelActions(services, this.feed, this.tryIt, post, log);
  }

  /** Reads a message of the page and does what it asks; failures are shown. */
  async receive(value: unknown): Promise<void> {
    const { log } = this.options;
    try {
      const message = parsePanelMessage(value);
      if (message.type === 'ready') await this.start();
      else if (message.type === 'run') await vscode.commands.executeCommand(message.command);
      else if (message.type === 'problem') {
        log.error(`The training panel failed: ${message.message}`, message.stack ?? '');
      } else await this.actions.perform(message);
    } catch (error) {
      await showFailure(error, 'An action of the training panel', log);
    }
  }

  /** Looks at the runs again, as when the workspace's folders change. */
  refresh(): void {
    void this.feed.refresh();
  }

  /** Lets the page select a run; a page that is still loading hears of it when it is ready. */
  choose(run: string): void {
    this.chosen = run;
    this.post({ type: 'choose', run });
  }

  dispose(): void {
    this.feed.dispose();
    this.actions.dispose();
    this.tryIt.dispose();
  }

  private createFeed(post: (message: HostMessage) => void): RunFeed {
    const { services, log, emptyView } = this.options;
    return new RunFeed(
      {
        ...services,
        readMetrics: ({ directory }) => readMetrics(runFiles(directory).metrics),
        words: {
          bidirectional: vscode.l10n.t('bidirectional'),
          characters: vscode.l10n.t('characters'),
          vectors: (share) => vscode.l10n.t('vectors for {0} of the words', share),
          reason: reportWords,
        },
        experimentName: ({ experiment }) => basename(experiment.fsPath).replace(/(\.rnn)?\.jsonc?$/i, ''),
      },
      {
        post,
        fail: (error) => void showFailure(error, 'Reading the runs', log),
        hasRuns: (has) => {
          post({ type: 'show', view: has ? { kind: 'runs' } : emptyView() });
        },
      },
    );
  }

  private async start(): Promise<void> {
    const smoothing = vscode.workspace.getConfiguration('sequenceLab').get<number>('smoothing', 0.6);
    this.post({
      type: 'setup',
      texts: translatePanelTexts(),
      language: vscode.env.language,
      smoothing: Math.min(0.99, Math.max(0, smoothing)),
    });
    this.tryIt.start();
    await this.feed.start();
    if (this.chosen !== undefined) this.post({ type: 'choose', run: this.chosen });
    this.chosen = undefined;
  }

  private post(message: HostMessage): void {
    // The answer says whether the webview was there to hear it; a closed or loading one asks again by 'ready'.
    void this.options.webview.postMessage(message);
  }
}
