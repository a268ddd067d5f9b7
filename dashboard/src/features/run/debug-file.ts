import { restRequest } from '../../graphql/rest-request';

/** A stored event, as far as this reads it. */
interface DebugEvent {
  readonly storageId: number;
  readonly stepKey?: string;
  readonly tryNumber?: number;
}

interface LogPage {
  readonly text: string;
  readonly cursor: string;
  readonly complete: boolean;
}

/**
 * Everything that is known about a run as one gzipped JSON file: what storage and settings say, its events, and the
 * output of each try of each step. What of the output cannot be read is named in its place.
 */
export async function debugFile(runId: string): Promise<Blob> {
  const path = `/api/runs/${runId}`;
  const stored = await restRequest<Readonly<Record<string, unknown>>>('GET', `${path}/debug`);
  const events = await readEvents(path);
  const output: Record<string, string> = {};
  for (const { step, tryNumber } of triesOf(events)) {
    for (const stream of ['stdout', 'stderr']) {
      const text = await readOutput(`${path}/logs?${new URLSearchParams({ step, try: tryNumber, stream })}`);
      if (text !== '') output[`${step}.${tryNumber}.${stream}`] = text;
    }
  }
  const json = new Blob([`${JSON.stringify({ ...stored, events, output }, null, 1)}\n`]);
  return new Response(json.stream().pipeThrough(new CompressionStream('gzip'))).blob();
}

async function readEvents(path: string): Promise<readonly DebugEvent[]> {
  const events: DebugEvent[] = [];
  for (let after = 0; ; ) {
    const page = await restRequest<{ readonly events: readonly DebugEvent[] }>(
      'GET',
      `${path}/events?limit=1000&after=${after}`,
    );
    const last = page.events.at(-1);
    if (last === undefined) return events;
    events.push(...page.events);
    after = last.storageId;
  }
}

/** Every try of every step that said anything of itself. */
function triesOf(
  events: readonly DebugEvent[],
): readonly { readonly step: string; readonly tryNumber: string }[] {
  const tries = new Map<string, { step: string; tryNumber: string }>();
  for (const { stepKey: step, tryNumber = 1 } of events) {
    if (step !== undefined) tries.set(`${step}\0${tryNumber}`, { step, tryNumber: String(tryNumber) });
  }
  return [...tries.values()];
}

async function readOutput(path: string): Promise<string> {
  let text = '';
  for (let cursor = '0'; ; ) {
    try {
      const page = await restRequest<LogPage>('GET', `${path}&cursor=${cursor}`);
      text += page.text;
      if (page.complete || page.text === '') return text;
      cursor = page.cursor;
    } catch (error) {
      return `${text}[the rest cannot be read: ${error instanceof Error ? error.message : String(error)}]\n`;
    }
  }
}
