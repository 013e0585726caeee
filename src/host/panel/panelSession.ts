/** One loaded page of the panel with all that serves it; loaded at the panel's first use, to keep activation short. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { parsePanelMessage, type HostMessage, type PanelView } from '../../panelMessages';
import { readMetrics } from '../../runs/metricsFile';
import { runFiles } from '../../runs/readRun';
import { showFailure } from '../showFailure';
import { PanelActions, type PanelServices } from './panelActions';
import { RunFeed } from './runFeed';
import type { SpeedLog } from './speedLog';
import { translatePanelTexts } from './translatePanelTexts';

/** The host's other parts, with the speeds heard so far. */
type SessionServices = PanelServices & { readonly speeds: SpeedLog };

/** What a session works with. */
export interface SessionOptions {
  readonly webview: vscode.Webview;
  readonly log: vscode.LogOutputChannel;
  /** Without them the panel stays empty. */
  readonly services: SessionServices | undefined;
  /** What the panel shows while there is no run. */
  readonly emptyView: () => PanelView;
}

/** Serves one page. */
export class PanelSession {
  private readonly served: Served | undefined;

  constructor(private readonly options: SessionOptions) {
    this.served = options.services === undefined ? undefined : this.serve(options.services);
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
      } else await this.served?.actions.perform(message);
    } catch (error) {
      await showFailure(error, 'An action of the training panel', log);
    }
  }

  /** Looks at the runs again, as when the workspace's folders change. */
  refresh(): void {
    if (this.served === undefined) this.post({ type: 'show', view: this.options.emptyView() });
    else void this.served.feed.refresh();
  }

  dispose(): void {
    this.served?.feed.dispose();
    this.served?.actions.dispose();
    this.served?.models.dispose();
  }

  private serve(services: SessionServices): Served {
    const { log, emptyView } = this.options;
    const post = (message: HostMessage) => {
      this.post(message);
    };
    const feed = new RunFeed(
      {
        ...services,
        readMetrics: ({ directory }) => readMetrics(runFiles(directory).metrics),
        words: { bidirectional: vscode.l10n.t('bidirectional'), characters: vscode.l10n.t('characters') },
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
    const actions = new PanelActions(services, feed, post, log);
    const models = services.models.onDidChangeActive(() => {
      this.tellModel();
    });
    return { feed, actions, models };
  }

  private async start(): Promise<void> {
    const smoothing = vscode.workspace.getConfiguration('sequenceLab').get<number>('smoothing', 0.6);
    this.post({
      type: 'setup',
      texts: translatePanelTexts(),
      language: vscode.env.language,
      smoothing: Math.min(0.99, Math.max(0, smoothing)),
    });
    if (this.served === undefined) this.refresh();
    this.tellModel();
    await this.served?.feed.start();
  }

  private tellModel(): void {
    const active = this.options.services?.models.active;
    this.post({ type: 'model', name: active === undefined ? null : modelName(active.path) });
  }

  private post(message: HostMessage): void {
    // The answer says whether the webview was there to hear it; a closed or loading one asks again by 'ready'.
    void this.options.webview.postMessage(message);
  }
}

interface Served {
  readonly feed: RunFeed;
  readonly actions: PanelActions;
  readonly models: vscode.Disposable;
}

/** The name of a model file; a run's is always called model.onnx, and its folder tells it apart. */
function modelName(path: string): string {
  const [folder = '', file = ''] = path.split('/').slice(-2);
  return file === 'model.onnx' ? folder : file;
}
