/** All that is wrong with an experiment file, but for the mistakes of JSON that the editor's own JSON support tells. */
import { type Problem, readExperimentSource } from '../../experiment/experimentSource';
import { diagnoseExperiment } from '../../experiment/parseExperiment';
import { checkData } from './dataChecks';

/** Problems in the order of the text; where `folder` is undefined, the data is not looked at. */
export async function problemsOf(text: string, folder: string | undefined): Promise<readonly Problem[]> {
  const { source } = readExperimentSource(text);
  if (source === undefined && text.trim() !== '') return [];
  const { experiment, problems } = diagnoseExperiment(text);
  if (source === undefined || experiment === undefined || folder === undefined) return problems;
  return checkData(source, experiment, folder);
}
