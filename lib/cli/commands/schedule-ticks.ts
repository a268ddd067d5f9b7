import type { HeadraceClient } from '../../client';
import { EXIT } from '../errors';
import { instant } from '../format';
import type { Output } from '../output';
import { findInstigator } from './instigators';

interface TicksAnswer {
  readonly scheduleOrError: {
    readonly scheduleState?: {
      readonly stopReason: string | null;
      readonly expectedTicks: readonly MissingTick[];
      readonly missedTicks: readonly MissingTick[];
      readonly ticks: readonly {
        readonly timestamp: number;
        readonly status: string;
        readonly runIds: readonly string[];
        readonly skipReason: string | null;
        readonly error: { readonly message: string } | null;
      }[];
    };
  };
}
interface MissingTick {
  readonly timestamp: number;
  readonly reason: string | null;
}

const TICKS = `query($s: ScheduleSelector!, $n: Int!) { scheduleOrError(scheduleSelector: $s) { ... on Schedule { scheduleState {
  stopReason expectedTicks(limit: 3) { timestamp reason } missedTicks(limit: $n) { timestamp reason }
  ticks(limit: $n) { timestamp status runIds skipReason error { message } } } } } }`;

/** `headrace schedule ticks <name>`: what it did, what it missed and why, and what comes next; newest first. */
export async function listTicks(
  client: HeadraceClient,
  name: string,
  limit: number,
  output: Output,
): Promise<number> {
  const target = await findInstigator(client, 'schedule', name);
  const s = {
    repositoryName: '__repository__',
    repositoryLocationName: target.location,
    scheduleName: target.name,
  };
  const { scheduleOrError } = await client.graphql<TicksAnswer>(TICKS, { s, n: limit });
  const {
    expectedTicks = [],
    missedTicks = [],
    ticks = [],
    stopReason = null,
  } = scheduleOrError.scheduleState ?? {};
  const rows = [
    ...ticks.map((tick) => ({
      timestamp: tick.timestamp,
      status: tick.status,
      detail: tick.error?.message.split('\n')[0] ?? tick.skipReason ?? tick.runIds.join(' '),
    })),
    ...missedTicks.map((tick) => ({
      timestamp: tick.timestamp,
      status: 'MISSED',
      detail: tick.reason ?? '',
    })),
  ].sort((a, b) => b.timestamp - a.timestamp);
  const coming = expectedTicks.map((tick) => ({ timestamp: tick.timestamp, status: 'EXPECTED', detail: '' }));
  const all = [...coming.reverse(), ...rows.slice(0, limit)];
  output.result({ stopReason, ticks: all }, () => {
    output.table(
      ['tick', 'status', 'runs, or why not'],
      all.map((row) => [instant(row.timestamp * 1000), row.status, row.detail]),
      `${target.name} has not ticked yet, and is ${target.status === 'RUNNING' ? 'on' : 'off'}.`,
    );
    if (stopReason !== null) output.line(stopReason);
  });
  return EXIT.ok;
}
