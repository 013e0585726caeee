/** What a forecaster expects of its own data: the chart of it, the scores, and the anomalies as a list. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { RunRow } from '../../src/panelMessages';
import { anomalyList } from './anomalyList';
import type { ForecastBoard } from './forecastBoard';
import type { ForecastCurves } from './forecastCurves';
import type { ForecastModel } from './forecastModel';
import { type ForecastLooks, partNames } from './forecastScene';
import { formatCount } from './numbers';
import type { PanelModel, RunDetail } from './panelModel';
import { scoreTable } from './scoreTable';
import { swatch } from './swatch';
import { button, dropdown, iconButton } from './toolkit';
import { text } from './texts';

/** The detail of a run of forecasting. */
export function forecastDetail(
  { forecast }: PanelModel,
  board: ForecastBoard,
  selected: RunRow,
  detail: RunDetail,
): TemplateResult {
  const { progress } = forecast;
  return html`
    <section class="forecast" aria-label=${selected.name} data-state=${progress.kind}>
      <div class="section-head">
        <h2 id="forecast">${text('forecastTitle')}</h2>
        <span class="aside">${selected.name}</span>
        ${progress.kind === 'done' ? tools(forecast, board, progress.curves) : nothing}
      </div>
      ${content(forecast, board)}
      <div class="forecast-foot">
        <div>
          <h3>${text('scores')}</h3>
          ${scoreTable(selected, detail, ['mse', 'mae'])}
          <p class="aside note">${text('standardised')}</p>
        </div>
        ${progress.kind === 'done' ? anomalyList(progress.curves, board) : nothing}
      </div>
    </section>
  `;
}

function content(forecast: ForecastModel, board: ForecastBoard): TemplateResult {
  const { progress } = forecast;
  switch (progress.kind) {
    case 'none':
      return html`<p class="aside">${text('forecastNoModel')}</p>`;
    case 'working':
      return html`<p class="aside" role="status">
        ${text('forecastWorking', `${Math.round(100 * progress.fraction)} %`)}
      </p>`;
    case 'problem':
      return html`
        <div class="row">
          <p class="problem" role="alert">
            <span class="codicon codicon-error" aria-hidden="true"></span> ${progress.message}
          </p>
          ${button({
            label: text('tryAgain'),
            kind: 'secondary',
            onClick: () => {
              forecast.retry();
            },
          })}
        </div>
      `;
    case 'done':
      return plot(forecast, board, progress.curves);
  }
}

function plot({ channel, file, files }: ForecastModel, board: ForecastBoard, curves: ForecastCurves): TemplateResult {
  const { chart } = board;
  const { series, channels, parts } = curves;
  const count = formatCount(curves.rows.length);
  const said = text('forecastSaid', channels[channel]?.name ?? '', files[file] ?? '', count, series.alarms.length);
  return html`
    ${legend(board.looks)}
    <div
      class="chart-frame"
      tabindex="0"
      role="group"
      aria-roledescription="chart"
      aria-label=${said}
      aria-description=${text('forecastKeys')}
      @keydown=${(event: KeyboardEvent) => {
        if (chart.press(event)) event.preventDefault();
      }}
      @blur=${() => {
        board.point(null);
      }}
    >
      ${chart.element}
    </div>
    ${
      series.skipped === 0
        ? nothing
        : html`<p class="aside note">
            ${text('forecastCut', count, formatCount(series.skipped + curves.rows.length))}
          </p>`
    }
    ${parts.length === 0 ? html`<p class="aside note">${text('partsUnknown')}</p>` : nothing}
  `;
}

function legend({ measured, forecast, anomaly }: ForecastLooks): TemplateResult {
  const band = svg`<rect x="0" y="1" width="18" height="8" fill=${forecast.color} fill-opacity="0.3"></rect>`;
  const triangle = svg`<path d="M9 9 4 1h10Z" fill=${anomaly}></path>`;
  const icon = (shape: unknown) =>
    html`<svg class="swatch" width="18" height="10" viewBox="0 0 18 10" aria-hidden="true">${shape}</svg>`;
  return html`
    <ul class="legend aside">
      <li>${swatch(measured)} ${text('measured')}</li>
      <li>${swatch(forecast)} ${text('forecast')}</li>
      <li>${icon(band)} ${text('band')}</li>
      <li>${icon(triangle)} ${text('anomaly')}</li>
    </ul>
  `;
}

function tools(forecast: ForecastModel, board: ForecastBoard, curves: ForecastCurves): TemplateResult {
  const { file, files, channel, zoom } = forecast;
  const { channels, parts } = curves;
  const numbered = (names: readonly string[]) => names.map((label, index) => ({ value: String(index), label }));
  return html`
    <span class="tools">
      <span class="reset" ?data-shown=${zoom !== null}>
        ${iconButton({
          icon: 'zoom-out',
          label: text('showAllRows'),
          onClick: () => {
            board.resetZoom();
          },
        })}
      </span>
      ${parts.map(({ name, start, end }) =>
        button({
          label: text(partNames[name]),
          kind: 'secondary',
          hint: text('zoomToPart', text(partNames[name])),
          onClick: () => {
            board.zoomTo(start, end - 1);
          },
        }),
      )}
      ${
        files.length > 1
          ? dropdown({
              label: text('file'),
              value: String(file),
              options: numbered(files),
              onChange: (value) => {
                forecast.chooseFile(Number(value));
              },
            })
          : nothing
      }
      ${
        channels.length > 1
          ? dropdown({
              label: text('channel'),
              value: String(channel),
              options: numbered(channels.map(({ name }) => name)),
              onChange: (value) => {
                forecast.chooseChannel(Number(value));
              },
            })
          : nothing
      }
    </span>
  `;
}
