/** How the rows of one series are divided in time; pure arithmetic that the training and whoever shows it share. */

/** Rows, from 0, with which the validation part and the test part of a series begin. */
export interface PartStarts {
  readonly validation: number;
  readonly test: number;
}

/** The test part stands at the end, the validation part before it; both are shares of the rows, 0…1. */
export function partStarts(rows: number, { validation, test }: PartStarts): PartStarts {
  const testStart = rows - Math.round(rows * test);
  return { validation: testStart - Math.round(rows * validation), test: testStart };
}
