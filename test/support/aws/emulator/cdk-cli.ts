import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../build-programs';
import { killGroup } from './supervised-process';

export interface CdkOptions {
  /** Where the CLI runs; `cdk.context.json` would be written here. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Default: three minutes. */
  readonly timeoutMs?: number;
}

/** The CDK CLI failed or took too long; the message holds the end of its output. */
export class CdkCliError extends Error {
  override readonly name = 'CdkCliError';
  readonly output: string;

  constructor(message: string, output: string) {
    super(`${message}\n${output.slice(-4_000)}`);
    this.output = output;
  }
}

const TIMEOUT_MS = 180_000;

/**
 * Runs the pinned CDK CLI and resolves with what it printed.
 *
 * @throws {CdkCliError} when it exits with another code than 0, or is killed because time is up
 * @example await runCdk(['deploy', '--all', '--require-approval', 'never'], { directory, environment })
 */
export async function runCdk(args: readonly string[], options: CdkOptions): Promise<string> {
  const { directory, environment, timeoutMs = TIMEOUT_MS } = options;
  const child = spawn(
    process.execPath,
    [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...args, '--no-notices'],
    {
      cwd: directory,
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  let output = '';
  const read = (chunk: string) => {
    output += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', read);
  child.stderr.setEncoding('utf8').on('data', read);
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    killGroup(child);
  }, timeoutMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  }).finally(() => clearTimeout(late));
  if (isLate) throw new CdkCliError(`cdk ${args.join(' ')} took more than ${timeoutMs} ms`, output);
  if (code !== 0) throw new CdkCliError(`cdk ${args.join(' ')} exited with ${code}`, output);
  return output;
}

/** What `cdk deploy --outputs-file` wrote: stack → output → value. */
export async function readOutputs(file: string): Promise<Record<string, Record<string, string>>> {
  return JSON.parse(await readFile(file, 'utf8')) as Record<string, Record<string, string>>;
}
