/** What a classifier gets wrong: its confusion matrix, its classes, and the examples behind a cell. */
import { html, type TemplateResult } from 'lit';
import type { DetailedScores, RunRow } from '../../src/panelMessages';
import { inlineStyle } from './inlineStyle';
import { mistakesList } from './mistakesList';
import { formatCount, formatScore } from './numbers';
import type { PanelModel, RunDetail } from './panelModel';
import { text } from './texts';

/** The detail of a run of classification. */
export function confusionDetail(model: PanelModel, selected: RunRow, { scores, part }: RunDetail): TemplateResult {
  const title = text(part === 'test' ? 'confusionTest' : 'confusionValidation');
  return html`
    <section class="detail" aria-label=${selected.name}>
      <div class="detail-left">
        <div class="section-head">
          <h2>${title}</h2>
          <span class="aside">${selected.name}</span>
        </div>
        ${
          scores === null
            ? html`<p class="aside">${text('noScores')}</p>`
            : html`${confusion(model, scores, part === 'test' && selected.hasModel)}${classes(scores)}`
        }
      </div>
      <div class="detail-right">${mistakesList(model, scores, part)}</div>
    </section>
  `;
}

function confusion(
  model: PanelModel,
  { perClass, confusion: counts }: DetailedScores,
  canList: boolean,
): TemplateResult {
  const labels = perClass.map(({ label }) => label);
  return html`
    <p class="aside">${text('confusionHint')}</p>
    <div class="scroller">
      <table class="confusion">
        <thead>
          <tr>
            <td></td>
            <th colspan=${labels.length} class="axis">${text('predicted')}</th>
          </tr>
          <tr>
            <th class="axis">${text('truth')}</th>
            ${labels.map((label) => html`<th scope="col" title=${label}><span>${label}</span></th>`)}
          </tr>
        </thead>
        <tbody>
          ${counts.map((row, truth) => {
            const sum = row.reduce((total, count) => total + count, 0);
            return html`
              <tr>
                <th scope="row" title=${labels[truth] ?? ''}><span>${labels[truth]}</span></th>
                ${row.map((count, predicted) =>
                  cell(model, { truth, predicted, count, share: sum === 0 ? 0 : count / sum, labels, canList }),
                )}
              </tr>
            `;
          })}
        </tbody>
      </table>
    </div>
  `;
}

interface CellOptions {
  readonly truth: number;
  readonly predicted: number;
  readonly count: number;
  /** Share of the row, 0…1. */
  readonly share: number;
  readonly labels: readonly string[];
  readonly canList: boolean;
}

function cell(model: PanelModel, { truth, predicted, count, share, labels, canList }: CellOptions): TemplateResult {
  const kind = truth === predicted ? 'right' : count === 0 ? 'none' : 'wrong';
  const isChosen = model.cell?.truth === truth && model.cell.predicted === predicted;
  const words = text('cellLabel', formatCount(count), labels[truth] ?? '', labels[predicted] ?? '');
  const shade = inlineStyle({ '--strength': `${Math.round(share * 100)}%` });
  if (kind !== 'wrong' || !canList) {
    return html`<td class="cell cell-${kind}" title=${words} ${shade}><span>${formatCount(count)}</span></td>`;
  }
  return html`
    <td class="cell cell-wrong" ${shade}>
      <button
        title=${words}
        aria-label=${words}
        aria-pressed=${isChosen}
        @click=${() => {
          model.choose({ truth, predicted });
        }}
      >
        ${formatCount(count)}
      </button>
    </td>
  `;
}

function classes({ perClass }: DetailedScores): TemplateResult {
  return html`
    <h3>${text('classes')}</h3>
    <div class="scroller">
      <table class="classes">
        <thead>
          <tr>
            <th>${text('class')}</th>
            <th class="number">${text('precision')}</th>
            <th class="number">${text('recall')}</th>
            <th class="number">${text('f1')}</th>
            <th class="number">${text('examples')}</th>
          </tr>
        </thead>
        <tbody>
          ${perClass.map(
            ({ label, precision, recall, f1, support }) => html`
              <tr>
                <th scope="row" title=${label}>${label}</th>
                <td class="number">${formatScore(precision)}</td>
                <td class="number">${formatScore(recall)}</td>
                <td class="number">${formatScore(f1)}</td>
                <td class="number">${formatCount(support)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}
