import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './product';

/** What stands in the pages for the address of the server. */
const DOCUMENTED_ADDRESS = 'http://127.0.0.1:3000';

/** A request that was sent. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** What the requests of a page came to. */
export interface SentRequests {
  /** Of the shell. */
  readonly code: number | null;
  readonly sent: readonly SentRequest[];
  readonly stdout: string;
  /** Without what each request came to. */
  readonly stderr: string;
}

/** The shell samples of a page that send requests, as one script: later ones use the variables of earlier ones. */
export function requestsOf(page: string, language: 'sh' | 'bash'): string {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))];
  return blocks
    .map(([, code = '']) => code)
    .filter((code) => /^(\w+=\$\()?curl /m.test(code))
    .join('\n');
}

/** How often a script calls `curl`. */
export const countRequests = (script: string): number => script.match(/\bcurl /g)?.length ?? 0;

/**
 * Runs documented requests in a shell against a server.
 *
 * @param script of `requestsOf`
 * @param server.headrace what `npx headrace` is, as a command
 */
export function sendRequests(
  script: string,
  server: { readonly url: string; readonly headrace: string; readonly environment?: NodeJS.ProcessEnv },
): Promise<SentRequests> {
  const wrapped = [
    'set -euo pipefail',
    // What each request came to goes beside its answer, which the next one may read.
    String.raw`curl() { command curl -sS -w '%{stderr}sent %{http_code} %{method} %{url_effective}\n' "$@"; }`,
    `npx() { shift; ${server.headrace} "$@"; }`,
    script.replaceAll(DOCUMENTED_ADDRESS, server.url),
  ].join('\n');
  const child = spawn('bash', ['-c', wrapped], {
    env: { ...process.env, ...server.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, ...readSent(stderr) }));
  });
}

function readSent(text: string): Pick<SentRequests, 'sent' | 'stderr'> {
  const sent = [...text.matchAll(/^sent (\d{3}) ([A-Z]+) (http\S+)$/gm)].map(
    ([, status, method = '', url = '']) => ({
      method,
      path: new URL(url).pathname,
      status: Number(status),
    }),
  );
  return { sent, stderr: text.replaceAll(/^sent .*\n/gm, '') };
}
