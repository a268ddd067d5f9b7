import { createInterface } from 'node:readline/promises';
import { CliError } from './errors';

/**
 * Asks on the terminal.
 *
 * @throws {CliError} when nobody is there to answer: scripts say --yes
 */
export async function confirm(
  question: string,
  options: { readonly yes?: boolean | undefined },
): Promise<boolean> {
  if (options.yes === true) return true;
  if (process.stdin.isTTY !== true) {
    throw new CliError(`${question} There is no terminal to answer on.`, {
      remedy: 'Say so beforehand: --yes.',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
