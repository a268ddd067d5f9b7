import type { HeadraceClient } from '../../client';
import type { StoredEvent } from '../../model/event';
import { EXIT } from '../errors';
import { timeOfDay } from '../format';
import type { Output } from '../output';
import { findRun } from './runs';

export interface LogsOptions {
  /** Captured output of this step instead of the run's events. */
  readonly step?: string;
  readonly stderr?: boolean;
  /** Which try of the step; default the last. */
  readonly try?: number;
  readonly follow?: boolean;
}

/** `headrace logs <run>`: its event log, or what a step printed. */
export async function logs(
  client: HeadraceClient,
  prefix: string,
  options: LogsOptions,
  output: Output,
): Promise<number> {
  const runId = await findRun(client, prefix);
  if (options.step !== undefined) return stepLogs(client, runId, { ...options, step: options.step }, output);
  const events = options.follow === true ? client.followRun(runId) : storedEvents(client, runId);
  for await (const event of events) {
    if (output.json) process.stdout.write(`${JSON.stringify(event)}\n`);
    else output.line(logLine(event));
  }
  return EXIT.ok;
}

function logLine(event: StoredEvent): string {
  const step = event.stepKey === undefined ? '' : ` ${event.stepKey}`;
  return `${timeOfDay(event.timestamp)} ${event.level.padEnd(7)} ${event.type}${step}  ${event.message}`;
}

async function* storedEvents(client: HeadraceClient, runId: string): AsyncIterable<StoredEvent> {
  let after = 0;
  for (;;) {
    const page = await client.runEvents(runId, after);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.storageId;
  }
}

async function stepLogs(
  client: HeadraceClient,
  runId: string,
  options: LogsOptions & { readonly step: string },
  output: Output,
): Promise<number> {
  const tryNumber = options.try ?? (await lastTry(client, runId, options.step));
  const query = {
    runId,
    step: options.step,
    try: tryNumber,
    stream: options.stderr === true ? ('stderr' as const) : ('stdout' as const),
  };
  let cursor: string | undefined;
  for (;;) {
    const page = await client.stepLogs({ ...query, cursor });
    if (page.text !== '') process.stdout.write(page.text);
    const moved = page.cursor !== cursor && page.text !== '';
    cursor = page.cursor;
    if (moved) continue;
    if (page.complete || options.follow !== true) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  output.note(`— ${options.step}, try ${tryNumber}, ${query.stream}`);
  return EXIT.ok;
}

async function lastTry(client: HeadraceClient, runId: string, step: string): Promise<number> {
  let last = 1;
  for await (const event of storedEvents(client, runId)) {
    if (event.stepKey === step) last = Math.max(last, event.tryNumber ?? 1);
  }
  return last;
}
