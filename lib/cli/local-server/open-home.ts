import { accessSync, constants, mkdirSync } from 'node:fs';
import { CliError, EXIT } from '../errors';

/**
 * Makes the home folder, if it is not there.
 *
 * @throws {CliError} when it cannot be made or written: on a disk that is read-only, without the right, below a file
 */
export function openHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true });
    accessSync(home, constants.W_OK);
  } catch (error) {
    throw new CliError(`The home folder ${home} cannot be written: ${(error as Error).message}.`, {
      exitCode: EXIT.system,
      remedy: 'Give this user the right to write there, or name another folder in HEADRACE_HOME.',
      cause: error,
    });
  }
}
