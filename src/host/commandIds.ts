/** The commands that package.json contributes, by name alone, so that tests can read them without an editor. */

/** Every command of the palette; `createCommands` must give each its action and package.json its title. */
export const commandIds = [
  'sequenceLab.viewTrainingPanel',
  'sequenceLab.showLog',
  'sequenceLab.loadModel',
  'sequenceLab.selectModel',
  'sequenceLab.classifySelection',
  'sequenceLab.classifyEachLine',
  'sequenceLab.correctLabel',
  'sequenceLab.clearClassifications',
] as const;

export type CommandId = (typeof commandIds)[number];

/** Commands that neither read nor write anything of the workspace, so that they work in one that is not trusted, too. */
export const commandsWithoutTrust: ReadonlySet<CommandId> = new Set([
  'sequenceLab.viewTrainingPanel',
  'sequenceLab.showLog',
]);
