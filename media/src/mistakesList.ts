/** The misclassified test examples of the selected run; a click on one opens the data at its line. */
import { html, type TemplateResult } from 'lit';
import type { DetailedScores, PanelMistake } from '../../src/panelMessages';
import { formatCount, formatScore } from './numbers';
import type { PanelModel } from './panelModel';
import { tellHost } from './host';
import { button } from './toolkit';
import { text } from './texts';

/** The list of the chosen cell, or of all. */
export function mistakesList(
  model: PanelModel,
  scores: DetailedScores | null,
  part: 'test' | 'validation',
): TemplateResult {
  const { cell } = model;
  const labels = scores?.perClass.map(({ label }) => label) ?? [];
  const truth = cell === undefined ? undefined : labels[cell.truth];
  const predicted = cell === undefined ? undefined : labels[cell.predicted];
  const title =
    truth === undefined || predicted === undefined ? text('errorsTitle') : text('errorsOf', truth, predicted);
  return html`
    <div class="section-head"><h2>${title}</h2></div>
    ${content(model, part, truth, predicted)}
  `;
}

function content(
  model: PanelModel,
  part: 'test' | 'validation',
  truth: string | undefined,
  predicted: string | undefined,
): TemplateResult {
  const { mistakes, selected } = model;
  if (selected === undefined || part !== 'test' || !selected.hasModel) {
    return html`<p class="aside">${text('errorsNoTest')}</p>`;
  }
  if (mistakes?.run !== selected.id) {
    if (model.isFindingMistakes) return html`<p class="aside" role="status">${text('errorsLoading')}</p>`;
    return html`
      <div class="row">
        <p class="aside">${text('errorsHint')}</p>
        ${button({
          label: text('errors'),
          kind: 'secondary',
          onClick: () => {
            model.findMistakes();
          },
        })}
      </div>
    `;
  }
  if (mistakes.problem !== null) {
    return html`<p class="problem" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span> ${mistakes.problem}
    </p>`;
  }
  const shown = mistakes.mistakes
    .map((mistake, index) => ({ ...mistake, index }))
    .filter((found) => truth === undefined || (found.truth === truth && found.predicted === predicted));
  if (shown.length === 0) return html`<p class="aside">${text('errorsNone')}</p>`;
  const isCut = mistakes.count > mistakes.mistakes.length;
  return html`
    <ol class="mistakes" aria-label=${text('errorsTitle')}>
      ${shown.map(
        (found) => html`
          <li>
            <button
              title=${found.series?.isWholeFile === true ? text('openFile', found.series.file) : text('openExample', found.line)}
              @click=${() => {
                tellHost({ type: 'openMistake', run: selected.id, index: found.index });
              }}
            >
              <span class="mistake-text">${exampleText(found)}</span>
              <span class="mistake-facts">
                <span
                  ><span class="codicon codicon-pass status-finished" aria-hidden="true"></span> ${text('truth')}
                  ${found.truth}</span
                >
                <span
                  ><span class="codicon codicon-error status-failed" aria-hidden="true"></span> ${text('predicted')}
                  ${found.predicted} ${formatScore(found.probability)}</span
                >
              </span>
            </button>
          </li>
        `,
      )}
    </ol>
    ${
      isCut
        ? html`<p class="aside">
            ${text('errorsShown', formatCount(mistakes.mistakes.length), formatCount(mistakes.count))}
          </p>`
        : ''
    }
  `;
}

/** The text, or what a number series is called: its place and its length. */
function exampleText({ text: words, series, line }: PanelMistake): string {
  if (series === undefined) return words;
  const steps = formatCount(series.steps);
  return series.isWholeFile
    ? text('seriesFile', series.file, steps)
    : text('seriesLine', series.file, formatCount(line), steps);
}
