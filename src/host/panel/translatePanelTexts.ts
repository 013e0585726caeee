/** The words of the training panel, translated for it; must not know where they stand. */
import { l10n } from 'vscode';
import type { PanelTexts } from '../../panelTexts';

/** All texts of the panel in the editor's language. */
export function translatePanelTexts(): PanelTexts {
  return {
    ...statusTexts(),
    ...chartTexts(),
    ...tryItTexts(),
    ...runTexts(),
    ...detailTexts(),
    ...scoreTexts(),
    ...forecastTexts(),
  };
}

function statusTexts() {
  return {
    stop: l10n.t('Stop'),
    stopping: l10n.t('stopping…'),
    resume: l10n.t('Resume'),
    more: l10n.t('More actions'),
    openExperiment: l10n.t('Open experiment'),
    showLog: l10n.t('Show log'),
    exportCsv: l10n.t('Export curves as CSV…'),
    exportPng: l10n.t('Export charts as PNG…'),
    epochOf: l10n.t('epoch {0}'),
    stepOf: l10n.t('step {0}'),
    tokensPerSecondUnit: l10n.t('{0} tokens/s'),
    timeLeft: l10n.t('{0} left'),
    phaseReading: l10n.t('reading data'),
    phasePreparing: l10n.t('preparing'),
    phaseTraining: l10n.t('training'),
    phaseEvaluating: l10n.t('evaluating'),
    phaseExporting: l10n.t('exporting the model'),
    statusRunning: l10n.t('training'),
    statusFinished: l10n.t('finished'),
    statusStopped: l10n.t('stopped'),
    statusFailed: l10n.t('failed'),
    statusInterrupted: l10n.t('interrupted'),
    sayFinished: l10n.t('Best epoch {0}: validation {1}.'),
    sayFinishedTest: l10n.t('Best epoch {0}: validation {1}, test {2}.'),
    sayStopped: l10n.t('Training stopped before the end of an epoch. Resume it to get a model.'),
    sayStoppedBest: l10n.t('Training stopped. The best model (epoch {0}, {1}) is saved.'),
    sayFailed: l10n.t('Training failed: {0}'),
    sayFailedUnknown: l10n.t('Training failed. The log says why.'),
    sayInterrupted: l10n.t('Training was cut off. Resume it from the last checkpoint.'),
    sayRunningElsewhere: l10n.t('This run is training in another window or terminal.'),
  };
}

function chartTexts() {
  return {
    charts: l10n.t('Curves'),
    loss: l10n.t('Loss'),
    smoothing: l10n.t('smoothing'),
    validationScore: l10n.t('Validation'),
    validationLoss: l10n.t('loss'),
    validationAccuracy: l10n.t('accuracy'),
    validationMacroF1: l10n.t('macro F1'),
    validationF1: l10n.t('F1 of spans'),
    validationBleu: l10n.t('BLEU'),
    validationPerplexity: l10n.t('perplexity'),
    validationBitsPerCharacter: l10n.t('bits per character'),
    validationMse: l10n.t('mean squared error'),
    validationMae: l10n.t('mean absolute error'),
    gradientNorm: l10n.t('Gradient norm'),
    logScale: l10n.t('logarithmic'),
    clipAt: l10n.t('clip at {0}'),
    learningRate: l10n.t('Learning rate'),
    tokensPerSecond: l10n.t('Tokens per second'),
    mean: l10n.t('mean'),
    patience: l10n.t('patience of {0} epochs'),
    step: l10n.t('step'),
    resetZoom: l10n.t('Show all steps'),
    chartKeys: l10n.t('Arrow keys move the crosshair, plus and minus zoom, Shift with an arrow key pans, 0 shows all.'),
    noCurves: l10n.t('Tick a run below to see its curves.'),
  };
}

function tryItTexts() {
  return {
    tryIt: l10n.t('Try it'),
    tryItHint: l10n.t('Type or paste a text'),
    tryItModel: l10n.t('with {0}'),
    task: l10n.t('Task'),
    taskClassification: l10n.t('Classification'),
    taskTagging: l10n.t('Tagging'),
    taskTranslation: l10n.t('Translation'),
    taskLanguageModel: l10n.t('Language model'),
    taskForecasting: l10n.t('Forecasting'),
    emptyClassification: l10n.t('The classes appear here as you type.'),
    emptyTagging: l10n.t('The text appears here with its spans as you type.'),
    emptyTranslation: l10n.t('The translation appears here as you type.'),
    emptyLanguageModel: l10n.t('Continue lets the model go on with the text, or begin one of its own.'),
    noClassifier: l10n.t('No classifier is in use. Use the model of a run, or train one.'),
    noTagger: l10n.t('No tagger is in use. Use the model of a run, or train one.'),
    noTranslator: l10n.t('No translator is in use. Use the model of a run, or train one.'),
    noLanguageModel: l10n.t('No language model is in use. Use the model of a run, or train one.'),
    aboutForecasts: l10n.t(
      'A forecaster reads tables: Find Anomalies marks the rows of an open CSV file that it did not expect.',
    ),
    aboutSeries: l10n.t(
      'This model classifies number series, which are read from files: sequence-lab predict does so on the command line.',
    ),
    findAnomalies: l10n.t('Find Anomalies'),
    useModelOf: l10n.t('Use the model of {0}'),
    wordsFor: l10n.t('speaks for {0}'),
    wordsAgainst: l10n.t('speaks against {0}'),
    unknownWord: l10n.t('not in the vocabulary'),
    noSpans: l10n.t('The model finds no span in this text.'),
    legend: l10n.t('Types of spans'),
    continue: l10n.t('Continue'),
    startOver: l10n.t('Start over'),
    escapeStops: l10n.t('Escape stops'),
    heatMap: l10n.t('Where the model looked'),
    heatMapHint: l10n.t(
      'Rows are pieces of the translation, columns pieces of the text. Arrow keys go from cell to cell.',
    ),
    heatMapCut: l10n.t('Only the first {0} pieces are shown.'),
    sentence: l10n.t('Sentence'),
  };
}

function runTexts() {
  return {
    runs: l10n.t('Runs'),
    filterRuns: l10n.t('Filter runs'),
    noMatch: l10n.t('No run matches the filter.'),
    show: l10n.t('Show curves'),
    columnName: l10n.t('Name'),
    columnStatus: l10n.t('Status'),
    columnModel: l10n.t('Model'),
    columnParameters: l10n.t('Parameters'),
    columnLoss: l10n.t('Loss'),
    columnAccuracy: l10n.t('Accuracy'),
    columnScore: l10n.t('Score'),
    columnTest: l10n.t('Test score'),
    columnDuration: l10n.t('Duration'),
    columnDate: l10n.t('Date'),
    showCurves: l10n.t('Show the curves of {0}'),
    selectRun: l10n.t('Show the details of {0}'),
    actionsOf: l10n.t('Actions for {0}'),
    rename: l10n.t('Rename…'),
    remove: l10n.t('Delete…'),
    useModel: l10n.t('Use its model'),
    compareWith: l10n.t('Compare with {0}'),
    compare: l10n.t('Compare'),
    compareHint: l10n.t('Tick two runs to compare their experiment files.'),
    differences: l10n.t('Differences of the experiment files'),
    noDifferences: l10n.t('The experiment files of {0} and {1} are the same.'),
    key: l10n.t('Key'),
    absent: l10n.t('absent'),
    close: l10n.t('Close'),
  };
}

function detailTexts() {
  return {
    confusionTest: l10n.t('Confusion on the test examples'),
    confusionValidation: l10n.t('Confusion on the validation examples'),
    confusionHint: l10n.t('Rows are the truth, columns what the model said.'),
    truth: l10n.t('truth'),
    predicted: l10n.t('said'),
    noScores: l10n.t('There are scores after the first epoch.'),
    classes: l10n.t('Classes'),
    class: l10n.t('Class'),
    precision: l10n.t('Precision'),
    recall: l10n.t('Recall'),
    f1: l10n.t('F1'),
    examples: l10n.t('Examples'),
    cellLabel: l10n.t('{0} examples of {1} that the model took for {2}'),
    errors: l10n.t('List the errors'),
    errorsTitle: l10n.t('Errors'),
    errorsOf: l10n.t('Errors: {0} taken for {1}'),
    errorsHint: l10n.t('Choose a cell to read the test examples that the model gets wrong.'),
    errorsNoTest: l10n.t('Errors can be listed when the run has ended with a test part.'),
    errorsLoading: l10n.t('Reading the test examples…'),
    errorsNone: l10n.t('No test example of this kind.'),
    errorsShown: l10n.t('The {0} most certain of {1} errors are listed.'),
    openExample: l10n.t('Open the data at line {0}'),
    seriesFile: l10n.t('{0} · {1} steps'),
    seriesLine: l10n.t('{0}, line {1} · {2} steps'),
    openFile: l10n.t('Open {0}'),
  };
}

function scoreTexts() {
  return {
    higherIsBetter: l10n.t('higher is better'),
    lowerIsBetter: l10n.t('lower is better'),
    bestEpoch: l10n.t('The validation scores are those of epoch {0}, the best.'),
    scores: l10n.t('Scores'),
    partTrain: l10n.t('Training'),
    partValidation: l10n.t('Validation'),
    partTest: l10n.t('Test'),
    tokenAccuracy: l10n.t('accuracy of tokens'),
    spansTest: l10n.t('Spans of the test part'),
    spansValidation: l10n.t('Spans of the validation part'),
    spansHint: l10n.t('A span counts where its type and both ends are right. Tag Selection uses the same colours.'),
    spanType: l10n.t('Type'),
    spans: l10n.t('Spans'),
    allTypes: l10n.t('All types'),
  };
}

function forecastTexts() {
  return {
    forecastTitle: l10n.t('Forecast of the data'),
    forecastNoModel: l10n.t('When the run has a model, its forecast of the data appears here.'),
    forecastWorking: l10n.t('Forecasting the data… {0}'),
    forecastSaid: l10n.t('{0} of {1} with its forecast; rows: {2}, anomalies: {3}'),
    forecastKeys: l10n.t(
      'Arrow keys move the crosshair, Enter opens the data at an anomaly, plus and minus zoom, Shift with an arrow key pans, 0 shows all.',
    ),
    forecastCut: l10n.t('The last {0} of {1} rows are shown.'),
    partsUnknown: l10n.t('The data has changed since the training, so its parts are not marked.'),
    tryAgain: l10n.t('Try again'),
    measured: l10n.t('measured'),
    forecast: l10n.t('forecast'),
    band: l10n.t('expected in 95 of 100 cases'),
    anomaly: l10n.t('anomaly'),
    fromTo: l10n.t('{0} to {1}'),
    row: l10n.t('row {0}'),
    line: l10n.t('line {0}'),
    showAllRows: l10n.t('Show all rows'),
    zoomToPart: l10n.t('Show only: {0}'),
    file: l10n.t('Data file'),
    channel: l10n.t('Column'),
    standardised: l10n.t('Both are of standardised values.'),
    anomalyOne: l10n.t('One anomaly'),
    anomalyCount: l10n.t('{0} anomalies'),
    anomalyNone: l10n.t('No row is so far from what was expected.'),
    anomalyScore: l10n.t('score {0}'),
    anomalyFound: l10n.t('{0} is {1}, expected {2} to {3}'),
  };
}
