/** The words between the host and the training panel, checked where they arrive; knows neither vscode nor the DOM. */
import * as z from 'zod/mini';

/** Commands that a button in the panel may run: those of ours, and the editor's way to open a folder. */
export const panelCommands = ['sequenceLab.showLog', 'vscode.openFolder'] as const;

const action = z.object({
  command: z.enum(panelCommands),
  label: z.string(),
});

const view = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('empty'),
    title: z.string(),
    sentence: z.string(),
    action,
  }),
]);

const hostMessage = z.discriminatedUnion('type', [z.object({ type: z.literal('show'), view })]);

const panelMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('run'), command: z.enum(panelCommands) }),
  z.object({ type: z.literal('problem'), message: z.string(), stack: z.optional(z.string()) }),
]);

export type PanelCommand = (typeof panelCommands)[number];
/** A button: what it runs and what it says. */
export type PanelAction = z.infer<typeof action>;
/** All that the panel shows at one moment. */
export type PanelView = z.infer<typeof view>;
/** What the host tells the panel. */
export type HostMessage = z.infer<typeof hostMessage>;
/** What the panel tells the host. */
export type PanelMessage = z.infer<typeof panelMessage>;

/** Reads what came from the host; throws where it is none of our messages. */
export function parseHostMessage(value: unknown): HostMessage {
  return parse(hostMessage, 'host', value);
}

/** Reads what came from the panel; throws where it is none of our messages. */
export function parsePanelMessage(value: unknown): PanelMessage {
  return parse(panelMessage, 'panel', value);
}

function parse<Message>(schema: z.ZodMiniType<Message>, sender: string, value: unknown): Message {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`Not a message of the ${sender}: ${JSON.stringify(value)}. ${z.prettifyError(result.error)}`);
}
