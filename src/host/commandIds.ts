/** The commands that package.json contributes, by name alone, so that tests can read them without an editor. */

/** The commands that use a model, which `classificationCommands` gives their actions. */
export const classificationCommandIds = [
  'sequenceLab.loadModel',
  'sequenceLab.selectModel',
  'sequenceLab.classifySelection',
  'sequenceLab.classifyEachLine',
  'sequenceLab.correctLabel',
  'sequenceLab.clearClassifications',
] as const;

/** Every command of the palette; `createCommands` must give each its action and package.json its title. */
export const commandIds = [
  'sequenceLab.viewTrainingPanel',
  'sequenceLab.showLog',
  ...classificationCommandIds,
] as const;

export type ClassificationCommandId = (typeof classificationCommandIds)[number];
export type CommandId = (typeof commandIds)[number];
