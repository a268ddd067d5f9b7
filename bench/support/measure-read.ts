import type { ExplainingDriver } from './explained';
import { treeUsage } from './process-tree';
import { round, summary } from './statistics';
import { GOALS, type Read } from './storage-reads';

/** Asked so often before it counts. */
const WARM_UP = 5;
/** Of the requests, so many are explained. */
const EXPLAINED = 25;

export interface ReadFigures {
  readonly asked: number;
  readonly milliseconds: ReturnType<typeof summary>;
  /** Goal of the 95th percentile. */
  readonly goal: number;
  /** CPU that PostgreSQL took for one, all its processes. */
  readonly databaseCpuMilliseconds: number;
  /** CPU of the server that answered, where one did. */
  readonly serverCpuMilliseconds?: number;
  /** What PostgreSQL itself measured. */
  readonly explained?: ReturnType<typeof summary>;
  /** Most pages of 8 kB that one looked at. */
  readonly buffers?: number;
}

/** Asks one after the other and says what it took. */
export async function measureRead(
  { kind, prepare, ask }: Read,
  options: {
    readonly times: number;
    /** Process of PostgreSQL. */
    readonly database: number;
    /** Process of the server that is asked; absent for storage. */
    readonly server?: number;
    /** Carries the storage that is asked. */
    readonly driver?: ExplainingDriver;
  },
): Promise<ReadFigures> {
  const { times, database, server, driver } = options;
  await prepare?.(Math.max(times, WARM_UP));
  for (let n = 0; n < WARM_UP; n++) await ask(n);
  driver?.forget();
  const cpuOf = (pid: number): number => treeUsage([pid]).cpuSeconds * 1_000;
  const before = { database: cpuOf(database), server: server === undefined ? 0 : cpuOf(server) };
  const milliseconds: number[] = [];
  for (let n = 0; n < times; n++) {
    const began = performance.now();
    await ask(n);
    milliseconds.push(performance.now() - began);
  }
  const figures: ReadFigures = {
    asked: times,
    milliseconds: summary(milliseconds),
    goal: GOALS[kind],
    databaseCpuMilliseconds: round((cpuOf(database) - before.database) / times, 2),
    ...(server === undefined
      ? {}
      : { serverCpuMilliseconds: round((cpuOf(server) - before.server) / times, 2) }),
  };
  if (driver === undefined) return figures;
  const costs = await driver.costs(EXPLAINED);
  return {
    ...figures,
    explained: summary(costs.map((cost) => cost.milliseconds)),
    buffers: Math.max(...costs.map((cost) => cost.buffers)),
  };
}
