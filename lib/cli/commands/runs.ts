import type { HeadraceClient } from '../../client';
import { RUN_STATUSES, type RunStatus } from '../../model/run-status';
import { CliError } from '../errors';
import { duration, instant, shortId } from '../format';
import type { Output } from '../output';
import { parseTags } from './run';

export interface RunsOptions {
  readonly job?: string;
  readonly status?: string;
  readonly tag?: readonly string[];
  readonly limit: number;
}

/** `headrace runs`: the newest runs, filtered. */
export async function listRuns(client: HeadraceClient, options: RunsOptions, output: Output): Promise<void> {
  if (options.tag !== undefined) parseTags(options.tag);
  const runs = await client.listRuns({
    job: options.job?.split(',').map((name) => name.trim()),
    status: options.status === undefined ? undefined : parseStatuses(options.status),
    tag: options.tag,
    limit: options.limit,
  });
  output.result(runs, () =>
    output.table(
      ['run', 'job', 'status', 'created', 'took', 'why'],
      runs.map((run) => [
        shortId(run.runId),
        `${run.location}/${run.job}`,
        run.status,
        instant(run.createdAt),
        run.startedAt === null ? null : duration((run.endedAt ?? Date.now()) - run.startedAt),
        run.cause ?? run.waitingFor ?? '',
      ]),
      'No runs. Start the first one: npx headrace run <job or asset selection>',
    ),
  );
}

function parseStatuses(text: string): RunStatus[] {
  return text.split(',').map((word) => {
    const status = word.trim().toUpperCase();
    const known = RUN_STATUSES.find((candidate) => candidate === status);
    if (known === undefined) {
      throw new CliError(`--status ${word}: no such status.`, {
        remedy: `Statuses are ${RUN_STATUSES.join(', ').toLowerCase()}.`,
      });
    }
    return known;
  });
}

/** The run whose id starts with `prefix`; commands take the eight characters that lists show. */
export async function findRun(client: HeadraceClient, prefix: string): Promise<string> {
  const matches = await client.listRuns({ id: prefix, limit: 2 });
  const [run] = matches;
  if (run === undefined)
    throw new CliError(`No run's id starts with "${prefix}".`, {
      remedy: '`npx headrace runs` lists the newest.',
    });
  if (matches.length > 1)
    throw new CliError(`More than one run's id starts with "${prefix}".`, { remedy: 'Give more of it.' });
  return run.runId;
}

/** `headrace cancel <run>` */
export async function cancelRun(
  client: HeadraceClient,
  prefix: string,
  options: { readonly force?: boolean },
  output: Output,
): Promise<void> {
  const run = await client.cancelRun(await findRun(client, prefix), options);
  output.result(run, () => output.line(`Run ${shortId(run.runId)} is ${run.status.toLowerCase()}.`));
}
