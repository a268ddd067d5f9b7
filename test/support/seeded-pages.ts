import {
  SEEDED_LOCATION,
  SEEDED_PARTITIONED,
  type SeededInstance,
} from '../../bench/support/seeded-instance';
import { idsOf } from './seeded-runs';

/** Name, address with what the database knows, and a text that only the loaded page has. */
export const SEEDED_PAGES = [
  ['overview', '/', 'Needs attention'],
  ['overview of a day', '/?hours=24', 'Needs attention'],
  ['overview as a table', '/?hours=24&view=table', 'Needs attention'],
  ['runs', '/runs', 'job_'],
  ['failed runs', '/runs?tab=failed', 'Failed'],
  ['run', '/runs/{succeeded}', 'RUN_SUCCESS'],
  ['failed run', '/runs/{failed}', 'The source closed the connection'],
  ['run with many events', '/runs/{long}', 'Line 1'],
  ['jobs', '/jobs', 'job_0'],
  ['job', `/jobs/${SEEDED_LOCATION}/job_1`, 'All runs'],
  ['assets', '/assets', 'raw_0'],
  ['assets in one list', '/assets?view=flat', 'generated/a0'],
  ['asset', '/assets/generated/a1', 'Latest materialization'],
  ['asset with 10,000 partitions', `/assets/${SEEDED_PARTITIONED}`, '9,688 materialized'],
  ['lineage', '/lineage', 'Open groups'],
  ['lineage as a list', '/lineage?view=table', 'raw_0'],
  ['backfills', '/backfills', 'hours 0 to 2000'],
  ['backfill of 2,000 partitions', '/backfills/{backfill}', 'hours 0 to 2000'],
  ['automation', '/automation', 'job_1_schedule'],
  ['schedules', '/schedules', 'job_1_schedule'],
  ['deployment', '/deployment', SEEDED_LOCATION],
  ['definitions', '/deployment?tab=definitions', 'generated/a0'],
] as const;

/** An address with the ids of this instance. */
export async function seededAddress(path: string, { database, backfills }: SeededInstance): Promise<string> {
  const newest = async (status: string) => (await idsOf(database, `status = '${status}'`, 1))[0] ?? '';
  const [long] = await idsOf(database, 'seq = 1', 1);
  return path
    .replace('{succeeded}', await newest('SUCCESS'))
    .replace('{failed}', await newest('FAILURE'))
    .replace('{long}', long ?? '')
    .replace('{backfill}', backfills.at(-1) ?? '');
}
