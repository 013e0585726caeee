/** The training panel's page: brings together model, charts and views, and draws them once a frame at most. */
import { html, nothing, render } from 'lit';
import { ChartBoard } from './chartBoard';
import { chartsView } from './chartsView';
import { emptyView } from './emptyView';
import { ForecastBoard } from './forecastBoard';
import { exportPng } from './exportPng';
import { keepState, keptState, listenToHost, tellHost } from './host';
import { PanelModel } from './panelModel';
import { readState } from './panelState';
import { readTheme, watchTheme } from './theme';
import { runDetail } from './runDetail';
import { runsTable } from './runsTable';
import { statusHeader } from './statusHeader';
import { registerControls } from './toolkit';
import { tryItView } from './tryItView';

const main = document.querySelector('main')!;
let theme = readTheme();
let isDue = false;

const model = new PanelModel(readState(keptState()), {
  tell: tellHost,
  keep: keepState,
  theme: () => theme,
  changed: (curves) => {
    draw();
    if (!curves) return;
    board.redraw();
    forecasts.redraw();
  },
});
const board = new ChartBoard(model, () => theme);
const forecasts = new ForecastBoard(model, () => theme);

/** Draws the page with the next frame. */
function draw(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    render(page(), main);
  });
}

function page(): unknown {
  const { view } = model;
  if (view === undefined || !model.isSetUp) return nothing;
  if (view.kind === 'empty' && model.training === null) return emptyView(view);
  return html`${statusHeader(model, { exportPng: savePicture })}${chartsView(model, board)}${tryItView(
    model,
  )}${runsTable(model)}${runDetail(model, forecasts)}`;
}

function savePicture(): void {
  void exportPng(model, board).then((bytes) => {
    if (bytes !== undefined) tellHost({ type: 'exportPng', bytes });
  });
}

registerControls();
watchTheme(() => {
  theme = readTheme();
  board.restyle();
  forecasts.restyle();
  draw();
});
window.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') model.tryIt.stop();
});
listenToHost((message) => {
  model.receive(message);
});
tellHost({ type: 'ready' });
