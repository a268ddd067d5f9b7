import { ApiError } from './api-error';

/**
 * What a change that failed left behind. Where no answer came it may have been made all the same, and whoever reads
 * that it was not makes it twice.
 *
 * @param done e.g. `launched`
 */
export const undone = (error: Error, done: string): string =>
  error instanceof ApiError && error.retryable
    ? `Whether anything was ${done} is not known: look before you try again`
    : `Nothing was ${done}`;
