/** The training panel's place in the editor: one webview at most, opened, restored and kept; must not know how it looks. */
import * as vscode from 'vscode';
import type { PanelView } from '../panelMessages';
import type { PanelServices } from './panel/panelActions';
import type { PanelSession } from './panel/panelSession';
import { SpeedLog } from './panel/speedLog';
import { webviewHtml } from './webviewHtml';

const viewType = 'sequenceLab.trainingPanel';

/** Opens and restores the one training panel. */
export class TrainingPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private session: Promise<PanelSession> | undefined;
  private readonly speeds: SpeedLog;
  private readonly disposables: vscode.Disposable[] = [];

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
    private readonly services: PanelServices,
  ) {
    this.speeds = new SpeedLog(services.trainings);
    this.disposables.push(
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (panel) => {
          this.adopt(panel);
          return Promise.resolve();
        },
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        void this.session?.then((session) => {
          session.refresh();
        });
      }),
    );
  }

  /** Brings the panel to the front, and opens it where there is none; with the folder of a run, that run is selected. */
  reveal(run?: string): void {
    if (this.panel === undefined) {
      const options = { retainContextWhenHidden: true };
      this.adopt(vscode.window.createWebviewPanel(viewType, '', vscode.ViewColumn.Active, options));
    } else {
      this.panel.reveal();
    }
    if (run !== undefined) {
      void this.session?.then((session) => {
        session.choose(run);
      });
    }
  }

  dispose(): void {
    this.panel?.dispose();
    this.speeds.dispose();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    const session = this.createSession(panel.webview);
    this.session = session;
    panel.onDidDispose(() => {
      void session.then((ended) => {
        ended.dispose();
      });
      if (this.panel !== panel) return;
      this.panel = undefined;
      this.session = undefined;
    });
    panel.webview.onDidReceiveMessage(async (value: unknown) => (await session).receive(value));
    panel.title = vscode.l10n.t('Training');
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.extensionUri, 'media', 'panelLight.svg'),
      dark: vscode.Uri.joinPath(this.extensionUri, 'media', 'panelDark.svg'),
    };
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.extensionUri, 'dist')],
    };
    panel.webview.html = webviewHtml(panel.webview, this.extensionUri, 'panel', panel.title);
  }

  private async createSession(webview: vscode.Webview): Promise<PanelSession> {
    const { PanelSession: Session } = await import('./panel/panelSession');
    const services = { ...this.services, speeds: this.speeds };
    return new Session({ webview, log: this.log, services, emptyView });
  }
}

/** What the panel shows while there is no run. */
function emptyView(): PanelView {
  if ((vscode.workspace.workspaceFolders ?? []).length === 0) {
    return {
      kind: 'empty',
      title: vscode.l10n.t('No folder is open'),
      sentence: vscode.l10n.t('Open the folder that holds your labelled text or number series.'),
      action: { command: 'vscode.openFolder', label: vscode.l10n.t('Open Folder') },
    };
  }
  return {
    kind: 'empty',
    title: vscode.l10n.t('No training runs yet'),
    sentence: vscode.l10n.t('When an experiment of this folder trains, its loss, scores and errors appear here.'),
    action: { command: 'sequenceLab.trainRnn', label: vscode.l10n.t('Train RNN') },
  };
}
