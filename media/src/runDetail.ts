/** The lower part of the page: what the selected run does well and badly, in the form that its task asks for. */
import { html, type TemplateResult } from 'lit';
import { confusionDetail } from './confusionDetail';
import type { ForecastBoard } from './forecastBoard';
import { forecastDetail } from './forecastDetail';
import type { PanelModel } from './panelModel';
import { scoreSummary } from './scoreSummary';
import { spansDetail } from './spansDetail';

/** The detail of the selected run. */
export function runDetail(model: PanelModel, forecasts: ForecastBoard): TemplateResult {
  const { detail, selected } = model;
  if (selected === undefined || detail === undefined) return html``;
  switch (detail.task) {
    case 'classification':
      return confusionDetail(model, selected, detail);
    case 'tagging':
      return spansDetail(selected, detail);
    case 'translation':
    case 'languageModel':
      return scoreSummary(selected, detail);
    case 'forecasting':
      return forecastDetail(model, forecasts, selected, detail);
  }
}
