/** The gate of an export: the file must compute what training's equations compute. */

/** Largest difference that passes. */
const tolerance = 1e-4;

/**
 * @param what words for the message: what is compared, and on which input
 * @throws Error where two numbers differ by more than 1e-4
 */
export function compareWithGate(expected: Float32Array, found: Float32Array, what: string): void {
  if (expected.length !== found.length) {
    throw new Error(
      `The exported model gives ${found.length} numbers instead of ${expected.length}; nothing was exported.`,
    );
  }
  expected.forEach((number, at) => {
    const difference = Math.abs(number - found[at]!);
    if (!(difference <= tolerance)) {
      throw new Error(
        `The exported model disagrees with the trained one: ${what}, differs by ${difference}; nothing was exported.`,
      );
    }
  });
}
