import { join } from 'node:path';
import { explainFailure } from '../../../lib/cli/explain-failure';
import { createProgram } from '../../../lib/cli/program';

/** What a command wrote, and how it ended. */
export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the CLI in this process, as `bin/headrace.ts` does. */
export async function runCli(...args: readonly string[]): Promise<CliResult> {
  const streams = { stdout: '', stderr: '' };
  const kept = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = ((text: string | Uint8Array) => {
      streams[name] += String(text);
      return true;
    }) as typeof process.stdout.write;
  }
  let code = 0;
  try {
    const program = createProgram({
      distribution: join(process.cwd(), 'dist'),
      version: '1.2.3',
      python: { isNeeded: () => false, find: () => ({ version: '' }) },
      onExitCode: (exitCode) => {
        code = exitCode;
      },
    });
    await program.parseAsync(['node', 'headrace', ...args]);
  } catch (error) {
    const explained = explainFailure(error);
    if (explained.text !== '') streams.stderr += `${explained.text}\n`;
    code = explained.exitCode;
  } finally {
    process.stdout.write = kept.stdout;
    process.stderr.write = kept.stderr;
  }
  return { code, out: streams.stdout, err: streams.stderr };
}
