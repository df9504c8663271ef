/** Builds what is out of date. `say` gets one line for each part that is built. */
export function build(say?: (line: string) => void): Promise<void>;
