/**
 * Launch latency and what runs cost, measured on a deployment in your own account: from the request to the run's and
 * its step's first event, by launcher. The first run of each launcher is reported apart: it may be a cold start.
 *
 * usage: aws <profile> <location> <job of one quick step> [runs of each launcher, default 10]
 */
import { loadavg } from 'node:os';
import { profileClient } from '../lib/cli/profile-client';
import { findProfile } from '../lib/cli/profiles';
import type { HeadraceClient } from '../lib/client';
import { TAG } from '../lib/model/tags';
import { report, summary } from './support/statistics';

/** Of us-east-1, in US dollars: https://aws.amazon.com/fargate/pricing/ (ARM), /vpc/pricing/, /step-functions/pricing/. */
const PRICE = { vcpuHour: 0.03238, gbHour: 0.00356, addressHour: 0.005, transition: 0.025 / 1_000 };
/** A default task (1 vCPU, 2 GB), billed for at least a minute; token, launcher, run, finalize and their start. */
const TASK = { vcpu: 1, gb: 2, leastSeconds: 60, transitions: 5 };

interface Launch {
  /** Milliseconds from the request until the run has started. */
  readonly toRun: number;
  /** Milliseconds from the request until user code has begun. */
  readonly toStep: number;
  /** Seconds that the worker was busy. */
  readonly seconds: number;
}

const [profileName, location, job, runs = '10'] = process.argv.slice(2);
if (profileName === undefined || location === undefined || job === undefined) {
  console.error('usage: npm run bench -- aws <profile> <location> <job> [runs]');
  process.exit(2);
}
const client = await profileClient(findProfile(process.cwd(), profileName));
for (const launcher of ['lambda', 'fargate'] as const) {
  const first = await launch(client, { location, job }, launcher);
  const rest: Launch[] = [];
  for (let i = 1; i < Number(runs); i++) rest.push(await launch(client, { location, job }, launcher));
  const seconds = rest.reduce((sum, each) => sum + each.seconds, 0) / Math.max(1, rest.length);
  report(
    `deployment, ${launcher}`,
    {
      runs: rest.length,
      first,
      millisecondsToRun: summary(rest.map(({ toRun }) => toRun)),
      millisecondsToUserCode: summary(rest.map(({ toStep }) => toStep)),
      ...(launcher === 'fargate' ? { dollarsARunComputed: dollarsOfTask(seconds) } : {}),
    },
    loadavg(),
  );
}

async function launch(
  on: HeadraceClient,
  what: { readonly location: string; readonly job: string },
  launcher: 'lambda' | 'fargate',
): Promise<Launch> {
  const { runId } = await on.launchRun({ ...what, tags: { [TAG.launcher]: launcher } });
  let started = Number.NaN;
  let step = Number.NaN;
  for await (const { type, timestamp } of on.followRun(runId)) {
    if (type === 'RUN_START') started = timestamp;
    if (type === 'STEP_START' && Number.isNaN(step)) step = timestamp;
  }
  const run = await on.getRun(runId);
  if (run.status !== 'SUCCESS') throw new Error(`Run ${runId} ended ${run.status}: ${run.cause}`);
  return {
    toRun: started - run.createdAt,
    toStep: step - run.createdAt,
    seconds: ((run.endedAt ?? started) - started) / 1_000,
  };
}

function dollarsOfTask(seconds: number): number {
  const hours = Math.max(TASK.leastSeconds, seconds) / 3_600;
  const task = hours * (TASK.vcpu * PRICE.vcpuHour + TASK.gb * PRICE.gbHour + PRICE.addressHour);
  return Number((task + TASK.transitions * PRICE.transition).toFixed(6));
}
