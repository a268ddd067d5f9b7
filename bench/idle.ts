/**
 * What an idle instance sends to its database: `headrace dev` with an asset that was materialized, a schedule that is
 * not due and a sensor that is off, while PostgreSQL logs every statement. And what it costs to do nothing, beside
 * `dagster dev`, which polls.
 *
 * usage: idle [minutes, default 10] [minutes of the peer, default 1; 0 = without]
 */
import { readFileSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDagster } from './support/dagster-peer';
import { treeUsage } from './support/process-tree';
import { startScratchServer } from './support/scratch-server';
import { ratio, report, round } from './support/statistics';

const MINUTES = Number(process.argv[2] ?? 10);
const PEER_MINUTES = Number(process.argv[3] ?? 1);
const MINUTE_MS = 60_000;
/** The sweep that follows a run is over by then. */
const SETTLE_MS = 30_000;

/** Twelve hours from now, so that nothing is due meanwhile. */
const later = new Date(Date.now() + 12 * 60 * MINUTE_MS);
const cron = `${later.getUTCMinutes()} ${later.getUTCHours()} * * *`;

let cpuSecondsPerMinute = Number.NaN;
const server = await startScratchServer({
  'workspace.yaml': 'code_locations:\n  - {name: bench, entry: index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, define, schedule, sensor } from 'headrace';
const noop = asset({ key: 'noop', run: () => {} });
export const definitions = define({
  assets: [noop],
  schedules: [schedule({ name: 'daily', select: noop, cron: '${cron}', defaultStatus: 'RUNNING' })],
  sensors: [sensor({ name: 'off', select: noop, run: () => {} })],
});
`,
});
try {
  const { runId } = await server.client.launchRun({ assets: ['noop'] });
  for await (const _ of server.client.followRun(runId));
  for (const statement of [
    `alter system set log_statement = 'all'`,
    `alter system set log_line_prefix = 'of %a: '`,
    'select to_json(pg_reload_conf())',
  ]) {
    await server.database.query(statement);
  }
  const log = join(server.root, '.headrace', 'postgres_data', 'headrace_server.log');
  await sleep(SETTLE_MS);
  const [from, cpu] = [statSync(log).size, treeUsage(server.processes).cpuSeconds];
  await sleep(MINUTES * MINUTE_MS);
  const sent = statementsSince(log, from);
  const usage = treeUsage(server.processes);
  cpuSecondsPerMinute = (usage.cpuSeconds - cpu) / MINUTES;
  await server.client.listRuns();
  await sleep(1_000);
  const shown = statementsSince(log, from).length - sent.length;
  if (shown === 0) throw new Error('The log shows no statement of a request either: nothing was measured.');
  report(
    `idle for ${MINUTES} minutes`,
    {
      statements: sent.length,
      ...(sent.length === 0 ? {} : { which: sent.slice(0, 5).map((line) => line.slice(0, 200)) }),
      statementsOfOneRequestThen: shown,
      cpuSecondsPerMinute: round(cpuSecondsPerMinute, 3),
      residentMegabytes: round(usage.residentBytes / 1e6, 0),
    },
    loadavg(),
  );
} finally {
  await server.close();
}
if (PEER_MINUTES > 0) await comparePeer();

/** Statements that PostgreSQL has logged from an offset on. */
function statementsSince(log: string, from: number): string[] {
  const lines = readFileSync(log).subarray(from).toString().split('\n');
  return lines.filter((line) => /^of .*: LOG: {2}(statement|execute)/.test(line));
}

async function comparePeer(): Promise<void> {
  const peer = await startDagster('noop.py');
  if (peer === undefined) return;
  try {
    await sleep(SETTLE_MS);
    const cpu = treeUsage([peer.pid]).cpuSeconds;
    await sleep(PEER_MINUTES * MINUTE_MS);
    const usage = treeUsage([peer.pid]);
    const perMinute = (usage.cpuSeconds - cpu) / PEER_MINUTES;
    report(
      `idle for ${PEER_MINUTES} minutes, Dagster 1.13`,
      {
        cpuSecondsPerMinute: round(perMinute, 2),
        residentMegabytes: round(usage.residentBytes / 1e6, 0),
        peerToOurs: ratio(perMinute, cpuSecondsPerMinute),
      },
      loadavg(),
    );
  } finally {
    await peer.close();
  }
}
