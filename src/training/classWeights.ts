/** The weight of each class in the loss. */
import { balancedWeights } from '../data/classStatistics';
import { UserError } from '../errors';

/** As `training.classWeights` says it. */
type Setting = 'none' | 'balanced' | Readonly<Record<string, number>>;

/**
 * In the order of the classes; null for 1 each.
 * @param counts training examples of each class
 * @throws UserError for a class that the data does not have
 */
export function classWeightsOf(
  setting: Setting,
  classes: readonly string[],
  counts: readonly number[],
): number[] | null {
  if (setting === 'none') return null;
  if (setting === 'balanced') return Array.from(balancedWeights(counts));
  const unknown = Object.keys(setting).find((label) => !classes.includes(label));
  if (unknown !== undefined) {
    throw new UserError(
      `training.classWeights names the class ${JSON.stringify(unknown)}, which the data does not have; its classes are ${classes.join(', ')}.`,
    );
  }
  return classes.map((label) => (Object.hasOwn(setting, label) ? setting[label]! : 1));
}
