import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { HeadraceClient, LaunchRunBody } from '../../client';
import type { JsonObject } from '../../model/json';
import { CliError, EXIT } from '../errors';
import { shortId } from '../format';
import type { Output } from '../output';
import { eventLine } from '../run-report';

export interface RunOptions {
  readonly location?: string;
  readonly partition?: string;
  readonly tag?: readonly string[];
  /** YAML or JSON file with the run config. */
  readonly config?: string;
  readonly priority?: number;
  readonly wait?: boolean;
  readonly idempotencyKey?: string;
  /** Run ids or job names. */
  readonly after?: readonly string[];
  readonly afterEnd?: boolean;
  readonly afterAny?: boolean;
}

const JOBS =
  'query { repositoriesOrError { ... on RepositoryConnection { nodes { location { name } jobs { name isAssetJob } } } } }';

interface JobsAnswer {
  readonly repositoriesOrError: {
    readonly nodes?: readonly {
      readonly location: { readonly name: string };
      readonly jobs: readonly { readonly name: string }[];
    }[];
  };
}

/**
 * `headrace run <job or asset selection>`: a name that is a job's launches that job, anything else is an asset
 * selection. With `--wait` it follows the run and exits as it ends.
 */
export async function run(
  client: HeadraceClient,
  target: string,
  options: RunOptions,
  output: Output,
): Promise<number> {
  const jobs = await jobsNamed(client, target);
  const location = options.location ?? (jobs.length === 1 ? jobs[0] : undefined);
  if (jobs.length > 1 && location === undefined) {
    throw new CliError(`Job "${target}" is in ${jobs.join(' and ')}.`, {
      remedy: 'Say which: --location <name>.',
    });
  }
  const body: LaunchRunBody = {
    ...(jobs.length > 0 ? { job: target } : { assets: [target] }),
    ...(location === undefined ? {} : { location }),
    ...(options.partition === undefined ? {} : { partition: options.partition }),
    ...(options.config === undefined ? {} : { config: await readConfig(options.config) }),
    ...(options.tag === undefined ? {} : { tags: parseTags(options.tag) }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    ...(options.after === undefined ? {} : { after: parseAfter(options.after, options) }),
  };
  const launched = await client.launchRun(
    body,
    options.idempotencyKey === undefined ? {} : { idempotencyKey: options.idempotencyKey },
  );
  if (options.wait !== true) {
    output.result(launched, () =>
      output.line(
        `Run ${shortId(launched.runId)} ${launched.created ? 'is queued' : 'existed already'}. Follow it: npx headrace logs ${shortId(launched.runId)} --follow`,
      ),
    );
    return EXIT.ok;
  }
  return followToEnd(client, launched.runId, output);
}

/** Prints a run's events as they come; the exit code says how it ended. */
export async function followToEnd(client: HeadraceClient, runId: string, output: Output): Promise<number> {
  for await (const event of client.followRun(runId)) {
    const line = eventLine(event, output.colours);
    if (line !== undefined) output.line(line);
  }
  const ended = await client.getRun(runId);
  output.result(ended, () => {});
  return ended.status === 'SUCCESS' ? EXIT.ok : EXIT.failed;
}

/** Code locations that have a job of this name. */
export async function jobsNamed(client: HeadraceClient, name: string): Promise<string[]> {
  const { repositoriesOrError } = await client.graphql<JobsAnswer>(JOBS);
  return (repositoriesOrError.nodes ?? [])
    .filter(({ jobs }) => jobs.some((job) => job.name === name))
    .map(({ location }) => location.name);
}

/** What looks like the id of a run is one; anything else is a job. */
function parseAfter(
  names: readonly string[],
  { afterEnd, afterAny }: RunOptions,
): NonNullable<LaunchRunBody['after']> {
  const isRun = (name: string): boolean => /^[0-9a-f]{8}[0-9a-f-]{0,28}$/.test(name);
  return {
    runs: names.filter(isRun),
    jobs: names.filter((name) => !isRun(name)),
    ...(afterEnd ? { on: 'end' } : {}),
    ...(afterAny ? { mode: 'any' } : {}),
  };
}

/** @throws {CliError} */
export async function readConfig(path: string): Promise<JsonObject> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file.' : message;
    throw new CliError(`--config ${path}: ${why}`, { cause: error });
  }
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new CliError(`--config ${path} is neither YAML nor JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError(
      `--config ${path} must hold a mapping such as "ops: {...}", not ${JSON.stringify(value)}.`,
    );
  }
  return value as JsonObject;
}

/** `['team=data']` → `{ team: 'data' }` */
export function parseTags(tags: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    tags.map((tag) => {
      const at = tag.indexOf('=');
      if (at < 1) throw new CliError(`--tag ${tag}: a tag is written key=value.`);
      return [tag.slice(0, at), tag.slice(at + 1)];
    }),
  );
}
