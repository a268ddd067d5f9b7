import { readFileSync } from 'node:fs';
import type { HeadraceClient } from '../../client';
import type { JsonValue } from '../../model/json';
import { CliError, EXIT } from '../errors';
import { instant } from '../format';
import type { Output } from '../output';
import { findInstigator } from './instigators';

export interface SendOptions {
  /** Path of a JSON file, `-` for standard input, or JSON itself. */
  readonly body: string;
  readonly id?: string;
}

/** `headrace sensor send <name> --body <file>`: what pushes its events would have done. */
export async function sendEvent(
  client: HeadraceClient,
  name: string,
  { body, id }: SendOptions,
  output: Output,
): Promise<number> {
  const sensor = await findInstigator(client, 'sensor', name);
  const sent = await client.sendSensorEvent(sensor, {
    body: readBody(body),
    ...(id === undefined ? {} : { eventId: id }),
  });
  output.result(sent, () =>
    output.line(
      sent.created
        ? `Event ${sent.eventId} is stored; ${sensor.name} evaluates it.`
        : `Event ${sent.eventId} had come before: nothing is done.`,
    ),
  );
  return EXIT.ok;
}

/** `headrace sensor events <name>` */
export async function listEvents(
  client: HeadraceClient,
  name: string,
  { limit }: { readonly limit: number },
  output: Output,
): Promise<number> {
  const sensor = await findInstigator(client, 'sensor', name);
  const events = await client.sensorEvents(sensor, { limit });
  output.result(events, () =>
    output.table(
      ['event', 'status', 'received', 'tries', 'next try'],
      events.map(({ eventId, status, receivedAt, attempts, nextAttemptAt }) => [
        eventId,
        status,
        instant(receivedAt),
        String(attempts),
        nextAttemptAt === null ? null : instant(nextAttemptAt),
      ]),
      `${sensor.name} was sent no events yet.`,
    ),
  );
  return EXIT.ok;
}

/** `headrace sensor replay <name> [events...]` */
export async function replayEvents(
  client: HeadraceClient,
  name: string,
  eventIds: readonly string[],
  output: Output,
): Promise<number> {
  const sensor = await findInstigator(client, 'sensor', name);
  const replayed = await client.replaySensorEvents(sensor, eventIds.length === 0 ? undefined : eventIds);
  output.result({ replayed }, () =>
    output.line(
      replayed === 0
        ? 'No such event has failed: headrace sensor events lists them.'
        : `${replayed} ${replayed === 1 ? 'event is' : 'events are'} evaluated again.`,
    ),
  );
  return EXIT.ok;
}

function readBody(source: string): JsonValue {
  const isJson = /^\s*[[{"]/.test(source);
  const text = isJson ? source : readSource(source);
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new CliError(`--body ${isJson ? 'is' : `${source} holds`} no JSON: ${(error as Error).message}`);
  }
}

function readSource(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    throw new CliError(`--body ${path} cannot be read: ${why}.`, {
      remedy: 'Give the path of a JSON file, - for standard input, or the JSON itself.',
    });
  }
}
