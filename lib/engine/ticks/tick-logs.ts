import type { InstigatorLog } from '../../model/code-location';
import type { InstigatorId } from '../../model/tick';
import type { Instance } from '../../ports/instance';

/** What a schedule or sensor logged in one tick, as an object of JSON lines. */
export function tickLogKey({ location, kind, name }: InstigatorId, tickId: number): string {
  return `tick_logs/${encodeURIComponent(location)}/${kind}/${encodeURIComponent(name)}/${tickId}.jsonl`;
}

export async function writeTickLogs(
  { objectStore }: Pick<Instance, 'objectStore'>,
  id: InstigatorId,
  tickId: number,
  logs: readonly InstigatorLog[],
): Promise<void> {
  if (logs.length === 0) return;
  const lines = logs.map((line) => `${JSON.stringify(line)}\n`).join('');
  await objectStore.put(tickLogKey(id, tickId), new TextEncoder().encode(lines));
}

/** As `writeTickLogs`, of a tick that failed: logs that cannot be kept do not keep it from its end. */
export async function keepFailedLogs(...args: Parameters<typeof writeTickLogs>): Promise<void> {
  await writeTickLogs(...args).catch(() => {});
}

/** Empty when the tick logged nothing. */
export async function readTickLogs(
  { objectStore }: Pick<Instance, 'objectStore'>,
  id: InstigatorId,
  tickId: number,
): Promise<readonly InstigatorLog[]> {
  const body = await objectStore.get(tickLogKey(id, tickId));
  if (body === undefined) return [];
  const lines = new TextDecoder().decode(body).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as InstigatorLog);
}
