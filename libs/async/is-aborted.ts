/** Reads the flag again although the compiler thinks it knows it: it changes while a generator waits. */
export const isAborted = (signal: AbortSignal): boolean => signal.aborted;
