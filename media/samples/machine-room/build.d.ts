/** The table of the sample. */
export function machineRoom(): string;
/** Makes the sample in a folder: data, experiment and README. */
export function buildMachineRoom(folder: string): Promise<void>;
