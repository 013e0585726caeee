/** Writes the sample "small-stories" with its text into a folder. */
export function buildSmallStories(folder: string): Promise<void>;
