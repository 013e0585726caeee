/** The charts with their headings and choices, each a figure that takes the keyboard. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ChartBoard } from './chartBoard';
import { formatNumber } from './numbers';
import type { PanelModel } from './panelModel';
import type { ChartName } from './scenes';
import { greatestSmoothing } from './smoothing';
import { dropdown, iconButton, slider } from './toolkit';
import { scoreName } from './scoreTexts';
import { text } from './texts';

/** All charts. */
export function chartsView(model: PanelModel, board: ChartBoard): TemplateResult {
  const isEmpty = model.ticked.length === 0;
  return html`
    <section class="charts" aria-label=${text('charts')}>
      ${figure(board, 'loss', text('loss'), lossTools(model, board), isEmpty)}
      ${figure(board, 'score', text('validationScore'), scoreTools(model), isEmpty)}
      ${figure(board, 'gradientNorm', text('gradientNorm'), html`<span class="aside">${text('logScale')}</span>`, isEmpty)}
      ${figure(board, 'learningRate', text('learningRate'), nothing, isEmpty)}
      ${figure(board, 'tokensPerSecond', text('tokensPerSecond'), nothing, isEmpty)}
    </section>
  `;
}

function figure(
  board: ChartBoard,
  name: ChartName,
  title: string,
  tools: TemplateResult | typeof nothing,
  isEmpty: boolean,
): TemplateResult {
  const chart = board.charts[name];
  return html`
    <figure class="chart chart-${name}">
      <figcaption>
        <h2 id="chart-${name}">${title}</h2>
        ${tools}
      </figcaption>
      <div
        class="chart-frame"
        tabindex="0"
        role="group"
        aria-roledescription="chart"
        aria-labelledby="chart-${name}"
        aria-description=${text('chartKeys')}
        @keydown=${(event: KeyboardEvent) => {
          if (chart.press(event)) event.preventDefault();
        }}
        @blur=${() => {
          board.point(null, chart);
        }}
      >
        ${chart.element} ${isEmpty ? html`<p class="chart-empty">${text('noCurves')}</p>` : nothing}
      </div>
    </figure>
  `;
}

function lossTools(model: PanelModel, board: ChartBoard): TemplateResult {
  const { smoothing, state } = model;
  // The slider goes by the square root of what is left, so that strong smoothing can be set finely.
  return html`
    <span class="tools">
      <span class="reset" ?data-shown=${state.zoom !== null}>
        ${iconButton({
          icon: 'zoom-out',
          label: text('resetZoom'),
          onClick: () => {
            board.resetZoom();
          },
        })}
      </span>
      <label class="smoothing">
        <span>${text('smoothing')}</span>
        ${slider({
          label: text('smoothing'),
          value: Math.round((1 - Math.sqrt(1 - smoothing)) * 100),
          minimum: 0,
          maximum: Math.round((1 - Math.sqrt(1 - greatestSmoothing)) * 100),
          step: 1,
          onInput: (value) => {
            model.set({ smoothing: 1 - (1 - value / 100) ** 2 });
          },
        })}
        <output>${smoothing === 0 ? '0' : formatNumber(smoothing)}</output>
      </label>
    </span>
  `;
}

function scoreTools(model: PanelModel): TemplateResult {
  const options = model.scores.map((value) => ({ value, label: scoreName(value) }));
  return dropdown({
    label: text('validationScore'),
    value: model.score,
    options,
    onChange: (score) => {
      model.set({ score });
    },
  });
}
