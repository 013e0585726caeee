/** The commands that package.json contributes, by name alone, so that tests can read them without an editor. */

/** Every command of the palette; `createCommands` must give each its action and package.json its title. */
export const commandIds = ['sequenceLab.viewTrainingPanel', 'sequenceLab.showLog'] as const;

export type CommandId = (typeof commandIds)[number];
