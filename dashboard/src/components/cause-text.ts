/** Why a run failed, without what stands beside it anyway: that it failed, and in which step. */
export const causeText = (cause: string): string => cause.replace(/^Step "[^"]*" failed: (?:Error: )?/, '');
