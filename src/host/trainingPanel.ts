/** The training panel's side in the host: one webview at most, its messages checked; must not know how it looks. */
import * as vscode from 'vscode';
import { parsePanelMessage, type HostMessage, type PanelMessage, type PanelView } from '../panelMessages';
import { webviewHtml } from './webviewHtml';

const viewType = 'sequenceLab.trainingPanel';

/** Opens, restores and feeds the one training panel. */
export class TrainingPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private readonly disposables: vscode.Disposable[] = [];

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.disposables.push(
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (panel) => {
          this.adopt(panel);
          return Promise.resolve();
        },
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.show();
      }),
    );
  }

  /** Brings the panel to the front, and opens it where there is none. */
  reveal(): void {
    if (this.panel === undefined) {
      this.adopt(vscode.window.createWebviewPanel(viewType, '', vscode.ViewColumn.Active));
    } else {
      this.panel.reveal();
    }
  }

  dispose(): void {
    this.panel?.dispose();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = undefined;
    });
    panel.webview.onDidReceiveMessage((value: unknown) => this.receive(value));
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

  private async receive(value: unknown): Promise<void> {
    try {
      await this.handle(parsePanelMessage(value));
    } catch (error) {
      this.log.error('A message of the training panel failed.', error instanceof Error ? error : String(error));
    }
  }

  private async handle(message: PanelMessage): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.show();
        break;
      case 'run':
        await vscode.commands.executeCommand(message.command);
        break;
      case 'problem':
        this.log.error(`The training panel failed: ${message.message}`, message.stack ?? '');
        break;
    }
  }

  private show(): void {
    const message: HostMessage = { type: 'show', view: currentView() };
    // The answer says whether the webview was there to hear it; a closed or loading one asks again by 'ready'.
    void this.panel?.webview.postMessage(message);
  }
}

/** What the panel shows while there is no run. */
function currentView(): PanelView {
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
    action: { command: 'sequenceLab.showLog', label: vscode.l10n.t('Show Log') },
  };
}
