/** What the panel shows before the first run: a sentence and one button. */
import { html, type TemplateResult } from 'lit';
import type { PanelView } from '../../src/panelMessages';
import { tellHost } from './host';
import { button } from './toolkit';

/** The empty panel. */
export function emptyView({ title, sentence, action }: Extract<PanelView, { kind: 'empty' }>): TemplateResult {
  return html`
    <section class="empty">
      <span class="codicon codicon-graph-line" aria-hidden="true"></span>
      <h1>${title}</h1>
      <p>${sentence}</p>
      ${button({
        label: action.label,
        kind: 'primary',
        onClick: () => {
          tellHost({ type: 'run', command: action.command });
        },
      })}
    </section>
  `;
}
