import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createArchive } from '../../build/archive';
import { ClientError, type HeadraceClient } from '../../client';
import type { StoredEvent } from '../../model/event';
import { EXIT } from '../errors';
import { shortId } from '../format';
import type { Output } from '../output';
import { findRun } from './runs';

export interface DebugOptions {
  /** File to write; default `headrace-debug-<run>.tar.gz` here. */
  readonly output?: string;
}

/** `headrace debug <run>`: one archive with all that is known about a run. */
export async function debug(
  client: HeadraceClient,
  prefix: string,
  options: DebugOptions,
  versions: { readonly cli: string },
  output: Output,
): Promise<number> {
  const runId = await findRun(client, prefix);
  const file = resolve(options.output ?? `headrace-debug-${shortId(runId)}.tar.gz`);
  const folder = await mkdtemp(join(tmpdir(), 'headrace-debug-'));
  try {
    const files = await collect(client, runId, versions);
    for (const [path, text] of files) {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await writeFile(file, await createArchive(folder));
    output.result({ file, contents: [...files.keys()] }, () => {
      output.line(`${file} has ${[...files.keys()].length} files.`);
      output.line('Look through it before you pass it on: logs hold whatever the code printed.');
    });
    return EXIT.ok;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function collect(
  client: HeadraceClient,
  runId: string,
  versions: { readonly cli: string },
): Promise<Map<string, string>> {
  const { run, plan, ticks, stepStats, settings, version, codeLocation } = await client.debugRun(runId);
  const events = await allEvents(client, runId);
  const files = new Map<string, string>();
  const json = (path: string, value: unknown): unknown =>
    files.set(path, `${JSON.stringify(value, null, 2)}\n`);
  json('run.json', run);
  json('plan.json', plan);
  json('steps.json', stepStats);
  json('ticks.json', ticks);
  json('settings.json', settings);
  json('versions.json', {
    cli: versions.cli,
    server: version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    codeLocation,
  });
  files.set('events.jsonl', events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  for (const { step, tryNumber } of triesOf(events)) {
    for (const stream of ['stdout', 'stderr'] as const) {
      const text = await readLog(client, { runId, step, try: tryNumber, stream });
      if (text !== '')
        files.set(`logs/${step.replaceAll(/[^\w.[\]-]/g, '_')}.${tryNumber}.${stream}.txt`, text);
    }
  }
  return files;
}

async function allEvents(client: HeadraceClient, runId: string): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let after = 0; ; ) {
    const page = await client.runEvents(runId, after);
    const last = page.at(-1);
    if (last === undefined) return events;
    events.push(...page);
    after = last.storageId;
  }
}

/** Every try of every step that said anything of itself. */
function triesOf(
  events: readonly StoredEvent[],
): readonly { readonly step: string; readonly tryNumber: number }[] {
  const tries = new Map<string, { step: string; tryNumber: number }>();
  for (const { stepKey: step, tryNumber = 1 } of events) {
    if (step !== undefined) tries.set(`${step}\0${tryNumber}`, { step, tryNumber });
  }
  return [...tries.values()];
}

async function readLog(
  client: HeadraceClient,
  query: {
    readonly runId: string;
    readonly step: string;
    readonly try: number;
    readonly stream: 'stdout' | 'stderr';
  },
): Promise<string> {
  let text = '';
  let cursor: string | undefined;
  for (;;) {
    try {
      const page = await client.stepLogs({ ...query, cursor });
      text += page.text;
      if (page.complete || page.text === '') return text;
      cursor = page.cursor;
    } catch (error) {
      // An archive with a gap that says so is worth more than none.
      if (error instanceof ClientError) return `${text}[the rest cannot be read: ${error.message}]\n`;
      throw error;
    }
  }
}
