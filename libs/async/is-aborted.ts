/** Reads the flag anew, whatever the compiler knows of it: it changes while a generator waits. */
export const isAborted = (signal: AbortSignal): boolean => signal.aborted;
