/** The scores of a run whose task has neither classes nor spans: a translator or a language model. */
import { html, type TemplateResult } from 'lit';
import type { RunRow } from '../../src/panelMessages';
import { taskScores } from '../../src/scores';
import type { RunDetail } from './panelModel';
import { scoreTable } from './scoreTable';
import { text } from './texts';

/** The detail of such a run. */
export function scoreSummary(selected: RunRow, detail: RunDetail): TemplateResult {
  return html`
    <section class="summary" aria-label=${selected.name}>
      <div class="section-head">
        <h2>${text('scores')}</h2>
        <span class="aside">${selected.name}</span>
      </div>
      ${scoreTable(selected, detail, taskScores[detail.task])}
    </section>
  `;
}
