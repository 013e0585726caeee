/** The commands that package.json contributes, by name alone, so that tests can read them without an editor. */

/** The commands around training, which `createTrainingCommands` gives their actions. */
export const trainingCommandIds = [
  'sequenceLab.trainRnn',
  'sequenceLab.stopTraining',
  'sequenceLab.resumeTraining',
  'sequenceLab.createSampleExperiments',
  'sequenceLab.compareRuns',
  'sequenceLab.renameRun',
  'sequenceLab.deleteRun',
  'sequenceLab.revealInExplorer',
  'sequenceLab.useModel',
] as const;

/** The commands that use a model, which `classificationCommands` gives their actions. */
export const classificationCommandIds = [
  'sequenceLab.loadModel',
  'sequenceLab.selectModel',
  'sequenceLab.classifySelection',
  'sequenceLab.classifyEachLine',
  'sequenceLab.correctLabel',
  'sequenceLab.clearClassifications',
] as const;

/** The commands that make text up, which `generationCommands` gives their actions. */
export const generationCommandIds = ['sequenceLab.continueText', 'sequenceLab.stopContinuing'] as const;

/** The commands around translations, which `translationCommands` gives their actions. */
export const translationCommandIds = [
  'sequenceLab.translateSelection',
  'sequenceLab.replaceWithTranslation',
  'sequenceLab.insertTranslation',
  'sequenceLab.clearTranslations',
] as const;
/** The commands on number series, which `seriesCommands` gives their actions. */
export const seriesCommandIds = ['sequenceLab.findAnomalies', 'sequenceLab.clearAnomalies'] as const;
/** The commands that use a tagger, which `taggingCommands` gives their actions. */
export const taggingCommandIds = ['sequenceLab.tagSelection', 'sequenceLab.showTags', 'sequenceLab.clearTags'] as const;

/** Every command of the palette; `createCommands` must give each its action and package.json its title. */
export const commandIds = [
  'sequenceLab.viewTrainingPanel',
  'sequenceLab.showLog',
  ...trainingCommandIds,
  ...classificationCommandIds,
  ...generationCommandIds,
  ...translationCommandIds,
  ...seriesCommandIds,
  ...taggingCommandIds,
] as const;

export type TrainingCommandId = (typeof trainingCommandIds)[number];
export type ClassificationCommandId = (typeof classificationCommandIds)[number];
export type GenerationCommandId = (typeof generationCommandIds)[number];
export type TranslationCommandId = (typeof translationCommandIds)[number];
export type SeriesCommandId = (typeof seriesCommandIds)[number];
export type TaggingCommandId = (typeof taggingCommandIds)[number];
export type CommandId = (typeof commandIds)[number];

/** Commands that neither read nor write anything of the workspace, so that they work in one that is not trusted, too. */
export const commandsWithoutTrust: ReadonlySet<CommandId> = new Set([
  'sequenceLab.viewTrainingPanel',
  'sequenceLab.showLog',
  'sequenceLab.stopTraining',
  'sequenceLab.clearClassifications',
  'sequenceLab.clearTranslations',
  'sequenceLab.clearAnomalies',
  'sequenceLab.clearTags',
]);
