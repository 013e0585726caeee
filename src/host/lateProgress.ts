/** Progress of what is usually there at once. */
import * as vscode from 'vscode';

/** Milliseconds of silence before the status bar tells that something goes on. */
const quietMilliseconds = 250;

/** Tells in the status bar that something goes on, but only where it takes long: most answers are there at once. */
export async function withLateProgress<T>(title: string, work: Promise<T>): Promise<T> {
  const progress = setTimeout(() => {
    const settled = work.then(
      () => undefined,
      () => undefined, // Whoever awaits the work hears of the failure.
    );
    void vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => settled);
  }, quietMilliseconds);
  try {
    return await work;
  } finally {
    clearTimeout(progress);
  }
}
