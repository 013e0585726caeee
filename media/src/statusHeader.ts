/** The top of the panel: is it learning, how far is it, and what is the one next step. */
import { html, nothing, type TemplateResult } from 'lit';
import type { RunRow, TrainingStatus } from '../../src/panelMessages';
import { inlineStyle } from './inlineStyle';
import { openMenu, type MenuItem } from './menu';
import { formatClock, formatCompact, formatCount } from './numbers';
import type { PanelModel } from './panelModel';
import { statusIcon, statusText } from './runStatus';
import { tellHost } from './host';
import { button, iconButton } from './toolkit';
import { mainScoreValue, namedMainScore } from './scoreTexts';
import { text } from './texts';

/** What the header offers besides what it tells the host itself. */
export interface HeaderActions {
  readonly exportPng: () => void;
}

/** The active training, else the selected run. */
export function statusHeader(model: PanelModel, actions: HeaderActions): TemplateResult {
  const { training, selected } = model;
  if (training !== null) return trainingHeader(model, training, actions);
  return selected === undefined ? html`` : runHeader(model, selected, actions);
}

function trainingHeader(model: PanelModel, training: TrainingStatus, actions: HeaderActions): TemplateResult {
  const { step, steps, epoch, epochs, phase, fraction } = training;
  const share = step === null || steps === null ? fraction : step / steps;
  return html`
    <header class="status">
      <h1>
        <span class="codicon codicon-circle-filled status-running" aria-hidden="true"></span>
        <span class="name">${training.name}</span>
        <span class="status-word" role="status">${training.isStopping ? text('stopping') : phaseText(phase)}</span>
      </h1>
      <ul class="facts">
        ${epoch === null || epochs === null ? nothing : fact(text('epochOf', `${epoch}/${epochs}`), 0)}
        ${
          step === null || steps === null
            ? nothing
            : fact(text('stepOf', `${formatCount(step)}/${formatCount(steps)}`), 2 * formatCount(steps).length + 4)
        }
        ${
          training.tokensPerSecond === null
            ? nothing
            : fact(text('tokensPerSecondUnit', formatCompact(training.tokensPerSecond)), 0)
        }
        ${training.secondsLeft === null ? nothing : fact(text('timeLeft', formatClock(training.secondsLeft)), 0)}
        ${step === null && fraction !== null ? fact(`${Math.round(fraction * 100)} %`, 5) : nothing}
      </ul>
      <div class="actions">
        ${button({
          label: text('stop'),
          kind: 'secondary',
          isDisabled: training.isStopping,
          onClick: () => {
            tellHost({ type: 'stop' });
          },
        })}
        ${moreButton(model, training.run, actions)}
      </div>
      <div
        class="progress"
        role="progressbar"
        aria-label=${training.name}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${share === null ? nothing : Math.round(share * 100)}
      >
        <div ${inlineStyle({ width: `${(share ?? 0) * 100}%` })}></div>
      </div>
    </header>
  `;
}

function runHeader(model: PanelModel, run: RunRow, actions: HeaderActions): TemplateResult {
  const canResume = run.status === 'stopped' || run.status === 'failed' || run.status === 'interrupted';
  return html`
    <header class="status">
      <h1>
        ${statusIcon(run.status)}<span class="name">${run.name}</span>
        <span class="status-word">${statusText(run.status)}</span>
      </h1>
      <p class="sentence" role="status">${sentenceOf(run)}</p>
      <div class="actions">
        ${
          canResume
            ? button({
                label: text('resume'),
                kind: 'primary',
                onClick: () => {
                  tellHost({ type: 'resume', run: run.id });
                },
              })
            : nothing
        }
        ${
          run.status === 'failed'
            ? button({
                label: text('showLog'),
                kind: 'secondary',
                onClick: () => {
                  tellHost({ type: 'run', command: 'sequenceLab.showLog' });
                },
              })
            : nothing
        }
        ${moreButton(model, run.id, actions)}
      </div>
      <div class="progress" aria-hidden="true"></div>
    </header>
  `;
}

/** A fact with room for its longest form, so that nothing moves when it grows a digit. */
function fact(words: string, characters: number): TemplateResult {
  return html`<li ${inlineStyle({ 'min-width': `${characters}ch` })}>${words}</li>`;
}

function moreButton(model: PanelModel, run: string | null, { exportPng }: HeaderActions): TemplateResult {
  const items: MenuItem[] = [
    {
      label: text('exportCsv'),
      icon: 'export',
      onChoose: () => {
        tellHost({ type: 'exportCsv', runs: model.ticked.map(({ id }) => id) });
      },
    },
    { label: text('exportPng'), icon: 'device-camera', onChoose: exportPng },
  ];
  if (run !== null) {
    items.push({
      label: text('openExperiment'),
      icon: 'go-to-file',
      onChoose: () => {
        tellHost({ type: 'openExperiment', run });
      },
    });
  }
  items.push({
    label: text('showLog'),
    icon: 'output',
    onChoose: () => {
      tellHost({ type: 'run', command: 'sequenceLab.showLog' });
    },
  });
  return iconButton({
    icon: 'ellipsis',
    label: text('more'),
    hasMenu: true,
    onClick: ({ currentTarget }) => {
      openMenu(currentTarget as HTMLElement, text('more'), items);
    },
  });
}

function phaseText(phase: TrainingStatus['phase']): string {
  switch (phase) {
    case 'reading':
      return text('phaseReading');
    case 'preparing':
      return text('phasePreparing');
    case 'training':
      return text('phaseTraining');
    case 'evaluating':
      return text('phaseEvaluating');
    case 'exporting':
      return text('phaseExporting');
  }
}

/** How the run ended and what is there of it. */
function sentenceOf({ status, best, test, hasModel, message }: RunRow): string {
  switch (status) {
    case 'finished': {
      if (best === null) return '';
      const score = namedMainScore(best.scores);
      return test === null
        ? text('sayFinished', best.epoch, score)
        : text('sayFinishedTest', best.epoch, score, mainScoreValue(test));
    }
    case 'stopped':
      if (best === null) return text('sayStopped');
      return hasModel || message === null ? text('sayStoppedBest', best.epoch, namedMainScore(best.scores)) : message;
    case 'failed':
      return message === null ? text('sayFailedUnknown') : text('sayFailed', message);
    case 'interrupted':
      return text('sayInterrupted');
    case 'running':
      return text('sayRunningElsewhere');
  }
}
