import { setTimeout as sleep } from 'node:timers/promises';
import type { HeadraceClient, InstanceView } from '../../client';
import { confirm } from '../confirm';
import { CliError, EXIT } from '../errors';
import { shortId } from '../format';
import type { Output } from '../output';
import { findRun } from './runs';

/** Pausing and resuming reach everybody, so the option is spelt out. */
function requireAll(all: boolean | undefined, command: string): void {
  if (all === true) return;
  throw new CliError(`${command} concerns the whole instance.`, {
    remedy: `Say so: npx headrace ${command} --all. One schedule or sensor: npx headrace schedule ${command === 'pause' ? 'stop' : 'start'} <name>.`,
  });
}

/** `headrace pause --all` */
export async function pauseAll(
  client: HeadraceClient,
  options: { readonly all?: boolean },
  output: Output,
): Promise<number> {
  requireAll(options.all, 'pause');
  const instance = await client.pauseInstance('all');
  output.result(instance, () =>
    output.line(
      `Schedules, sensors and the queue are paused. ${inProgress(instance)} Go on: npx headrace resume --all`,
    ),
  );
  return EXIT.ok;
}

/** `headrace resume --all` */
export async function resumeAll(
  client: HeadraceClient,
  options: { readonly all?: boolean },
  output: Output,
): Promise<number> {
  requireAll(options.all, 'resume');
  const instance = await client.resumeInstance();
  output.result(instance, () =>
    output.line(`Schedules, sensors and the queue go on. ${inProgress(instance)}`),
  );
  return EXIT.ok;
}

export interface DrainOptions {
  /** Seconds; absent = as long as it takes. */
  readonly timeout?: number;
  /** Between looks; tests make it short. */
  readonly pollMs?: number;
}

/**
 * So often in a row no run may be in progress: a claim that was under way when the queue was paused has ended by the
 * second look.
 */
const QUIET_LOOKS = 2;

/** `headrace drain`: no run starts any more, and those in progress are waited for. The queue stays paused. */
export async function drain(client: HeadraceClient, options: DrainOptions, output: Output): Promise<number> {
  const { timeout, pollMs = 2_000 } = options;
  await client.pauseInstance('dequeue');
  const until = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout * 1_000;
  let told = -1;
  for (let quiet = 0; ; ) {
    const instance = await client.getInstance();
    quiet = instance.activeRuns === 0 ? quiet + 1 : 0;
    if (quiet >= QUIET_LOOKS) {
      output.result(instance, () =>
        output.line(
          `No run is in progress; ${instance.queuedRuns} wait in the queue. Go on: npx headrace resume --all`,
        ),
      );
      return EXIT.ok;
    }
    if (instance.activeRuns !== told) output.note(inProgress(instance));
    told = instance.activeRuns;
    if (performance.now() >= until) {
      throw new CliError(`${instance.activeRuns} runs are still in progress after ${timeout} s.`, {
        exitCode: EXIT.failed,
        remedy:
          'The queue stays paused. Wait longer, cancel them (npx headrace cancel <run>), or go on: npx headrace resume --all.',
      });
    }
    await sleep(pollMs);
  }
}

const inProgress = ({ activeRuns }: InstanceView): string =>
  `${activeRuns === 1 ? '1 run is' : `${activeRuns} runs are`} in progress.`;

/** `headrace force-fail <run>` */
export async function forceFail(
  client: HeadraceClient,
  prefix: string,
  options: { readonly reason: string; readonly yes?: boolean },
  output: Output,
): Promise<number> {
  const runId = await findRun(client, prefix);
  const { job, status } = await client.getRun(runId);
  const question = `Mark run ${shortId(runId)} (${job}, ${status.toLowerCase()}) as failed and stop its worker?`;
  if (!(await confirm(question, options))) {
    output.note('Nothing was changed.');
    return EXIT.failed;
  }
  const failed = await client.failRun(runId, options.reason);
  output.result(failed, () =>
    output.line(
      `Run ${shortId(runId)} is failed. ${failed.stopped ? 'Its worker has stopped.' : 'Its worker was asked to stop; what it still says is refused.'}`,
    ),
  );
  return EXIT.ok;
}
