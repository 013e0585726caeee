/** What a tagger finds: its scores by type of span, each in the colour of Tag Selection, and its scores as a whole. */
import { html, type TemplateResult } from 'lit';
import type { RunRow, TagScores } from '../../src/panelMessages';
import { taskScores } from '../../src/scores';
import { inlineStyle } from './inlineStyle';
import { formatCount, formatScore } from './numbers';
import type { RunDetail } from './panelModel';
import { scoreTable } from './scoreTable';
import { scoreName } from './scoreTexts';
import { text } from './texts';

/** The detail of a run of tagging. */
export function spansDetail(selected: RunRow, detail: RunDetail): TemplateResult {
  const { tags, part } = detail;
  return html`
    <section class="detail" aria-label=${selected.name}>
      <div class="detail-left">
        <div class="section-head">
          <h2>${text(part === 'test' ? 'spansTest' : 'spansValidation')}</h2>
          <span class="aside">${selected.name}</span>
        </div>
        ${tags === null ? html`<p class="aside">${text('noScores')}</p>` : spans(tags)}
      </div>
      <div class="detail-right">
        <div class="section-head"><h2>${text('scores')}</h2></div>
        ${scoreTable(selected, detail, taskScores.tagging, (name) =>
          name === 'accuracy' ? text('tokenAccuracy') : scoreName(name),
        )}
      </div>
    </section>
  `;
}

function spans({ perType, precision, recall, f1 }: TagScores): TemplateResult {
  const support = perType.reduce((sum, type) => sum + type.support, 0);
  return html`
    <p class="aside">${text('spansHint')}</p>
    <div class="scroller">
      <table class="classes spans">
        <thead>
          <tr>
            <th>${text('spanType')}</th>
            <th class="number">${text('precision')}</th>
            <th class="number">${text('recall')}</th>
            <th class="number">${text('f1')}</th>
            <th class="number">${text('spans')}</th>
          </tr>
        </thead>
        <tbody>
          ${perType.map(
            ({ type, style, ...scores }) => html`
              <tr>
                <th scope="row" title=${type}>
                  <span
                    class="tag"
                    data-dotted=${style.isDotted}
                    ${inlineStyle({ '--tag': `var(--vscode-sequenceLab-tag${style.color})` })}
                    >${type}</span
                  >
                </th>
                ${figures(scores)}
              </tr>
            `,
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">${text('allTypes')}</th>
            ${figures({ precision, recall, f1, support })}
          </tr>
        </tfoot>
      </table>
    </div>
  `;
}

function figures(scores: Pick<TagScores['perType'][number], 'precision' | 'recall' | 'f1' | 'support'>) {
  return html`
    <td class="number">${formatScore(scores.precision)}</td>
    <td class="number">${formatScore(scores.recall)}</td>
    <td class="number">${formatScore(scores.f1)}</td>
    <td class="number">${formatCount(scores.support)}</td>
  `;
}
