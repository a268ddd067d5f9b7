/** How browsers say that a part of the program is not there: a deployment has replaced it, or the network is down. */
const words = /dynamically imported module|importing a module script failed/i;

/** Whether something broke because a part of this version of the dashboard is gone. */
export const isScriptGone = (error: unknown): boolean => error instanceof Error && words.test(error.message);
