/** The box's view of a language model: the buttons, and the typed text with what the model made up behind it. */
import { html, nothing, type TemplateResult } from 'lit';
import { problemView } from './problemView';
import { text } from './texts';
import { button } from './toolkit';
import type { TryIt } from './tryItModel';

/** Continue, which is Stop while the text grows, and Start over once there is something to take away. */
export function continueTools(box: TryIt): TemplateResult {
  const { isRunning, text: made } = box.continuation;
  return html`
    <div class="tools">
      ${button({
        label: text(isRunning ? 'stop' : 'continue'),
        kind: isRunning ? 'secondary' : 'primary',
        onClick: () => {
          if (isRunning) box.stop();
          else box.continue();
        },
      })}
      ${
        isRunning || made === ''
          ? nothing
          : button({
              label: text('startOver'),
              kind: 'secondary',
              onClick: () => {
                box.startOver();
              },
            })
      }
      ${isRunning ? html`<span class="aside">${text('escapeStops')}</span>` : nothing}
    </div>
  `;
}

/** The typed text and its continuation, the end in sight. */
export function continuationView({ text: typed, continuation }: TryIt): TemplateResult {
  const { text: made, isRunning, problem } = continuation;
  if (problem !== null) return problemView(problem);
  if (made === '' && !isRunning) return html`<p class="aside">${text('emptyLanguageModel')}</p>`;
  return html`<div class="growing" tabindex="0">
    <p class="words"><span class="typed">${typed}</span><span class="made">${made}</span></p>
  </div>`;
}
