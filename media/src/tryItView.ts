/** The box "Try it": a text, and what the active model of a task makes of it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { PanelTextKey } from '../../src/panelMessages';
import type { Task } from '../../src/protocol';
import type { BoxAnswer } from '../../src/tryItMessages';
import { classificationView, taggingView, translationView } from './answerViews';
import { continuationView, continueTools } from './continuationView';
import { heatMapView } from './heatMapView';
import { tellHost } from './host';
import type { PanelModel } from './panelModel';
import { problemView } from './problemView';
import { text } from './texts';
import { button, dropdown, textArea } from './toolkit';
import type { TryIt } from './tryItModel';

/** The words of each task: its name, what is said without a model, and what before there is a text. */
const words: Readonly<Record<Task, { name: PanelTextKey; noModel: PanelTextKey; empty: PanelTextKey }>> = {
  classification: { name: 'taskClassification', noModel: 'noClassifier', empty: 'emptyClassification' },
  tagging: { name: 'taskTagging', noModel: 'noTagger', empty: 'emptyTagging' },
  translation: { name: 'taskTranslation', noModel: 'noTranslator', empty: 'emptyTranslation' },
  languageModel: { name: 'taskLanguageModel', noModel: 'noLanguageModel', empty: 'emptyLanguageModel' },
  forecasting: { name: 'taskForecasting', noModel: 'aboutForecasts', empty: 'aboutForecasts' },
};

/** The box with the view of its task. */
export function tryItView(model: PanelModel): TemplateResult {
  const { tryIt } = model;
  const name = tryIt.models[tryIt.task]?.name;
  return html`
    <section class="try-it" aria-labelledby="try-it" data-task=${tryIt.task}>
      <div class="section-head">
        <h2 id="try-it">${text('tryIt')}</h2>
        ${name === undefined ? nothing : html`<span class="aside">${text('tryItModel', name)}</span>`}
        ${taskChoice(tryIt)}
      </div>
      ${tryIt.isAboutNumbers ? aboutNumbers(model) : name === undefined ? withoutModel(tryIt) : box(tryIt)}
    </section>
  `;
}

/** Stands there only where there is a choice. */
function taskChoice(tryIt: TryIt): TemplateResult | typeof nothing {
  const { choices, task } = tryIt;
  if (choices.length < 2) return nothing;
  return dropdown({
    label: text('task'),
    value: task,
    options: choices.map((value) => ({ value, label: text(words[value].name) })),
    onChange: (value) => {
      tryIt.choose(value);
    },
  });
}

function withoutModel({ task, usableRun }: TryIt): TemplateResult {
  return html`
    <div class="row">
      <p>${text(words[task].noModel)}</p>
      ${
        usableRun === undefined
          ? nothing
          : button({
              label: text('useModelOf', usableRun.name),
              kind: 'secondary',
              onClick: () => {
                tellHost({ type: 'useModel', run: usableRun.id });
              },
            })
      }
    </div>
  `;
}

/** Numbers are not typed: a sentence says what takes them. */
function aboutNumbers({ tryIt, selected }: PanelModel): TemplateResult {
  if (tryIt.task !== 'forecasting') return html`<p>${text('aboutSeries')}</p>`;
  return html`
    <div class="row">
      <p>${text('aboutForecasts')}</p>
      ${button({
        label: text('findAnomalies'),
        kind: 'secondary',
        onClick: () => {
          tellHost({ type: 'findAnomalies', run: selected?.task === 'forecasting' ? selected.id : null });
        },
      })}
    </div>
  `;
}

function box(tryIt: TryIt): TemplateResult {
  const { task, answered, continuation } = tryIt;
  const isGenerating = task === 'languageModel';
  return html`
    <div class="try-it-grid">
      <div class="question">
        ${textArea({
          label: text('tryIt'),
          placeholder: text('tryItHint'),
          value: tryIt.text,
          onInput: (typed) => {
            tryIt.type(typed);
          },
        })}
        ${isGenerating ? continueTools(tryIt) : nothing}
      </div>
      <div class="answer" aria-live="polite" aria-busy=${isGenerating && continuation.isRunning}>
        ${isGenerating ? continuationView(tryIt) : answer(tryIt)}
      </div>
    </div>
    ${answered?.answer?.task === 'translation' ? heatMapView(tryIt, answered.answer.translated) : nothing}
  `;
}

function answer({ task, answered }: TryIt): TemplateResult {
  if (answered === undefined) return html`<p class="aside">${text(words[task].empty)}</p>`;
  if (answered.answer === null) return problemView(answered.problem ?? '');
  return answerView(answered.text, answered.answer);
}

function answerView(tried: string, found: BoxAnswer): TemplateResult {
  switch (found.task) {
    case 'classification':
      return classificationView(tried, found.prediction);
    case 'tagging':
      return taggingView(tried, found.tagged);
    case 'translation':
      return translationView(found.translated);
  }
}
