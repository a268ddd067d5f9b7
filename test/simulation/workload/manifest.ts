import { RUN_STATUSES } from '../../../lib/model/run-status';
import { aManifest, aNode } from '../../engine/support/build-manifest';

export const LOCATION = 'shop';
export const POOL = 'snowflake';
export const PARTITIONS = ['p1', 'p2', 'p3', 'p4', 'p5'] as const;

/** Jobs that a person may launch. */
export const JOBS = ['load', 'report', 'pooled', 'waiting'] as const;

/** Cron of each schedule. All are of one minute's grid, so that a rule of EventBridge meets each tick. */
export const SCHEDULES = {
  hourly_report: '*/5 * * * *',
  daily_load: '*/4 * * * *',
  catching_up: '*/3 * * * *',
};

/** A location with something of everything that the control plane has to take care of. */
export const MANIFEST = aManifest({
  location: LOCATION,
  ops: { take_slot: { pool: POOL }, keep_slot: { pool: POOL }, publish: { pool: POOL } },
  jobs: [
    { name: 'load', nodes: [aNode('extract'), aNode('write', { after: ['extract'] })] },
    { name: 'report', nodes: [aNode('render'), aNode('publish', { after: ['render'] })] },
    { name: 'pooled', nodes: [aNode('take_slot'), aNode('keep_slot', { after: ['take_slot'] })] },
    // Its second step waits for so long that the run is suspended.
    { name: 'waiting', nodes: [aNode('ask'), aNode('long_wait', { after: ['ask'] })] },
    { name: 'partitioned', nodes: [aNode('fill')], partitions: { type: 'static', keys: [...PARTITIONS] } },
  ],
  schedules: [
    { name: 'hourly_report', cron: [SCHEDULES.hourly_report], jobName: 'report' },
    { name: 'daily_load', cron: [SCHEDULES.daily_load], jobName: 'load', request: null },
    { name: 'catching_up', cron: [SCHEDULES.catching_up], jobName: 'partitioned', request: null },
  ],
  sensors: [
    { name: 'files', jobNames: ['load'], minimumIntervalSeconds: 60 },
    {
      name: 'after_load',
      kind: 'RUN_STATUS',
      jobNames: ['report'],
      minimumIntervalSeconds: 60,
      runStatus: {
        statuses: RUN_STATUSES.filter((status) => status === 'SUCCESS'),
        jobs: [{ location: null, jobName: 'load' }],
      },
    },
  ],
});
