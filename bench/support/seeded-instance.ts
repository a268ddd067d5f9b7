import { type ScratchServer, startScratchServer } from './scratch-server';
import { seedHistory } from './seed-history';

/** How much there is. */
export interface SeedScale {
  readonly runs: number;
  readonly assets: number;
  readonly jobs: number;
  /** Over how many days the runs lie, the last of them now. */
  readonly days: number;
}

export interface SeededInstance extends ScratchServer {
  readonly scale: SeedScale;
  /** Ids of backfills, one of 40 partitions and one of 2,000; their runs wait like all. */
  readonly backfills: readonly string[];
}

/** The code location. */
export const SEEDED_LOCATION = 'large';
/** An asset with 10,000 partitions, most of them materialized. */
export const SEEDED_PARTITIONED = 'partitioned/hourly';
/** Teams that share the assets of each layer: a group is a layer and a team. */
export const SEEDED_GROUP_TEAMS = 8;
const PARTITIONS = 10_000;
const FIRST_PARTITION = Date.UTC(2025, 0, 1);
const HOUR = 3_600_000;

/** A server over a project of this many assets and jobs, whose database says that they ran this often. */
export async function startSeededInstance(scale: SeedScale): Promise<SeededInstance> {
  const { runs, assets, jobs, days } = scale;
  const server = await startScratchServer({
    'workspace.yaml': `code_locations:\n  - {name: ${SEEDED_LOCATION}, entry: ${SEEDED_LOCATION}/index.ts}\n`,
    'package.json': '{"type":"module","private":true}',
    [`${SEEDED_LOCATION}/index.ts`]: definitions(scale),
  });
  try {
    await seedHistory(server.database, { runs, assets, jobs, days, location: SEEDED_LOCATION });
    await server.database.query(SEED_PARTITIONS);
    const backfills = [await launchBackfill(server, 200, 240), await launchBackfill(server, 0, 2_000)];
    return { ...server, scale, backfills };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Groups follow from each other, as layers of a warehouse do; schedules are hourly, nightly and of weekdays. */
const definitions = ({ assets, jobs }: SeedScale): string => `
import { asset, backfill, define, freshness, hourlyPartitions, job, op, schedule, sensor, skip, z } from 'headrace';
const GROUPS = ['raw', 'staging', 'intermediate', 'marts', 'exports'];
const TEAMS = ${SEEDED_GROUP_TEAMS};
const kinds = [['rest', 'snowflake'], ['dbt', 'snowflake'], ['dbt'], ['typescript']];
const group = (i) => GROUPS[Math.min(4, Math.floor((i / ${assets}) * 5))] + '_' + (i % TEAMS);
const key = (i) => 'generated/a' + i;
/** The seeded history says that it ran in each job, with this config. */
const load = op({ name: 'load', config: z.object({ limit: z.number() }), run: () => undefined });
const jobs = Array.from({ length: ${jobs} }, (_, i) =>
  job({ name: 'job_' + i, graph: () => load() }),
);
const crons = ['5 * * * *', '30 2 * * *', '0 9 * * 1-5'];
export const definitions = define({
  assets: [
    ...Array.from({ length: ${assets} }, (_, i) =>
      asset({
        key: key(i),
        group: group(i),
        kinds: kinds[i % kinds.length],
        owners: ['team:team-' + (i % TEAMS)],
        ...(i % 50 === 0 ? { freshness: freshness.timeWindow({ failWindow: '720h', warnWindow: '240h' }) } : {}),
        deps: [...new Set([Math.floor(i / 2), Math.floor(i / 3)])].filter((d) => d < i).map(key),
        run: () => {},
      }),
    ),
    asset({
      key: '${SEEDED_PARTITIONED}',
      group: 'partitioned',
      partitions: hourlyPartitions({
        start: '${hourKey(0)}',
        end: '${hourKey(PARTITIONS)}',
      }),
      backfill: backfill.singleRun(),
      run: () => {},
    }),
  ],
  jobs,
  schedules: jobs.flatMap((each, i) =>
    i % 3 > 0
      ? [schedule({ job: each, name: 'job_' + i + '_schedule', cron: crons[i % crons.length], timezone: 'Europe/Berlin', defaultStatus: i % 6 === 1 ? 'RUNNING' : 'STOPPED' })]
      : [],
  ),
  sensors: jobs.slice(0, 4).map((each, i) => sensor({ name: 'arrivals_' + i, job: each, run: () => skip('nothing new') })),
});
`;

/** A partition's key: `2025-01-01-00:00`. */
function hourKey(index: number): string {
  return new Date(FIRST_PARTITION + index * HOUR).toISOString().slice(0, 16).replace('T', '-');
}

const SEED_PARTITIONS = `
  insert into headrace.asset_partitions (asset_key, partition, materialization_id, materialization_run_id, materialized_at)
  select '${SEEDED_PARTITIONED}', to_char(to_timestamp(${FIRST_PARTITION / 1_000}) at time zone 'UTC' + n * interval '1 hour', 'YYYY-MM-DD-HH24:MI'),
    n + 1, (select run_id from headrace.runs where seq = 1), ${FIRST_PARTITION} + n * ${HOUR}::bigint
  from generate_series(0, ${PARTITIONS - 1}) n where n % 97 > 2`;

async function launchBackfill({ client }: ScratchServer, from: number, to: number): Promise<string> {
  const answer = await client.graphql<{ launchPartitionBackfill: { backfillId?: string } }>(
    `mutation Launch($params: LaunchBackfillParams!) {
      launchPartitionBackfill(backfillParams: $params) { ... on LaunchBackfillSuccess { backfillId } }
    }`,
    {
      params: {
        assetSelection: [{ path: SEEDED_PARTITIONED.split('/') }],
        partitionNames: Array.from({ length: to - from }, (_, index) => hourKey(from + index)),
        title: `hours ${from} to ${to}`,
      },
    },
  );
  const { backfillId } = answer.launchPartitionBackfill;
  if (backfillId === undefined) throw new Error(`No backfill was launched: ${JSON.stringify(answer)}`);
  return backfillId;
}
