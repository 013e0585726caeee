/** The panel's controls, and the only file that knows which toolkit they come from. */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { html, nothing, type TemplateResult } from 'lit';

/** Makes the controls known to the page; called once, before the first template. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextArea(),
    vsCodeTextField(),
  );
}

/** What a button says and does. */
export interface ButtonOptions {
  readonly label: string;
  /** The page's one main action, or one of several. */
  readonly kind: 'primary' | 'secondary';
  readonly isDisabled?: boolean;
  /** Says more when the pointer rests on it. */
  readonly hint?: string;
  readonly onClick: () => void;
}

/** A button with the theme's colours. */
export function button({ label, kind, isDisabled = false, hint, onClick }: ButtonOptions): TemplateResult {
  return html`<vscode-button appearance=${kind} ?disabled=${isDisabled} title=${hint ?? nothing} @click=${onClick}
    >${label}</vscode-button
  >`;
}

/** What a button without words shows and does. */
export interface IconButtonOptions {
  /** Name of a codicon. */
  readonly icon: string;
  readonly label: string;
  /** Whether it opens a menu. */
  readonly hasMenu?: boolean;
  readonly onClick: (event: MouseEvent) => void;
}

/** A button of one icon, with its words for screen readers and as a tip. */
export function iconButton({ icon, label, hasMenu = false, onClick }: IconButtonOptions): TemplateResult {
  return html`<vscode-button
    appearance="icon"
    aria-label=${label}
    title=${label}
    aria-haspopup=${hasMenu ? 'menu' : nothing}
    @click=${onClick}
    ><span class="codicon codicon-${icon}" aria-hidden="true"></span
  ></vscode-button>`;
}

/** What a checkbox stands for; without visible words. */
export interface CheckboxOptions {
  readonly label: string;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

/** A checkbox whose words are for screen readers alone. */
export function checkbox({ label, isChecked, onChange }: CheckboxOptions): TemplateResult {
  return html`<vscode-checkbox
    aria-label=${label}
    @change=${(event: Event) => {
      // The control tells of changes by the program, too; so this stands before the property, to hear those as its own.
      const { checked } = event.target as HTMLInputElement;
      if (checked !== isChecked) onChange(checked);
    }}
    .checked=${isChecked}
  ></vscode-checkbox>`;
}

/** A choice of one of several values. */
export interface DropdownOptions<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** A list that opens. */
export function dropdown<Value extends string>(choice: DropdownOptions<Value>): TemplateResult {
  return html`<vscode-dropdown
    aria-label=${choice.label}
    @change=${(event: Event) => {
      const chosen = choice.options.find(({ value }) => value === (event.target as HTMLSelectElement).value);
      if (chosen !== undefined && chosen.value !== choice.value) choice.onChange(chosen.value);
    }}
  >
    ${choice.options.map(
      ({ value, label }) =>
        html`<vscode-option value=${value} ?selected=${value === choice.value}>${label}</vscode-option>`,
    )}
  </vscode-dropdown>`;
}

/** A place for text. */
export interface TextOptions {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

/** One line of text. */
export function textField({ label, placeholder, value, onInput }: TextOptions): TemplateResult {
  return html`<vscode-text-field
    aria-label=${label}
    placeholder=${placeholder}
    .value=${value}
    @input=${(event: Event) => {
      onInput((event.target as HTMLInputElement).value);
    }}
  ></vscode-text-field>`;
}

/** Several lines of text. */
export function textArea({ label, placeholder, value, onInput }: TextOptions): TemplateResult {
  return html`<vscode-text-area
    aria-label=${label}
    placeholder=${placeholder}
    rows="2"
    resize="vertical"
    .value=${value}
    @input=${(event: Event) => {
      onInput((event.target as HTMLTextAreaElement).value);
    }}
  ></vscode-text-area>`;
}

/** A number between two others. */
export interface SliderOptions {
  readonly label: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  readonly onInput: (value: number) => void;
}

/** A slider; the toolkit has none, so it is the browser's in the theme's colours. */
export function slider({ label, value, minimum, maximum, step, onInput }: SliderOptions): TemplateResult {
  return html`<input
    class="slider"
    type="range"
    aria-label=${label}
    min=${minimum}
    max=${maximum}
    step=${step}
    .value=${String(value)}
    @input=${(event: Event) => {
      onInput(Number((event.target as HTMLInputElement).value));
    }}
  />`;
}
