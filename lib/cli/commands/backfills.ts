import type { BackfillPreview, BackfillView, HeadraceClient, LaunchBackfillBody } from '../../client';
import { BACKFILL_STATUSES, type BackfillStatus } from '../../model/backfill';
import { CliError, EXIT } from '../errors';
import { instant, shortId } from '../format';
import type { Output } from '../output';
import { jobsNamed, parseTags, readConfig } from './run';

export interface LaunchBackfillOptions {
  readonly location?: string;
  readonly partition?: readonly string[];
  readonly range?: string;
  readonly all?: boolean;
  readonly missing?: boolean;
  readonly fromFailure?: boolean;
  readonly tag?: readonly string[];
  readonly config?: string;
  readonly priority?: number;
  readonly title?: string;
  readonly dryRun?: boolean;
}

/** `headrace backfill launch <job or asset selections>` */
export async function launchBackfill(
  client: HeadraceClient,
  targets: readonly string[],
  options: LaunchBackfillOptions,
  output: Output,
): Promise<number> {
  const body: LaunchBackfillBody = {
    ...(await targetOf(client, targets, options)),
    partitions: partitionsOf(options),
    ...(options.fromFailure === true ? { fromFailure: true } : {}),
    ...(options.config === undefined ? {} : { config: await readConfig(options.config) }),
    ...(options.tag === undefined ? {} : { tags: parseTags(options.tag) }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    ...(options.title === undefined ? {} : { title: options.title }),
  };
  if (options.dryRun === true) {
    const preview = await client.previewBackfill(body);
    output.result(preview, () => printPreview(preview, output));
    return EXIT.ok;
  }
  const launched = await client.launchBackfill(body);
  const { backfillId, targeted } = launched.backfill;
  output.result(launched, () =>
    output.line(
      `Backfill ${backfillId} makes ${partitionCount(targeted)}; ${launched.runIds.length} runs are queued. Follow it: npx headrace backfill show ${backfillId}`,
    ),
  );
  return EXIT.ok;
}

async function targetOf(
  client: HeadraceClient,
  targets: readonly string[],
  { location }: LaunchBackfillOptions,
): Promise<Pick<LaunchBackfillBody, 'job' | 'location' | 'assets'>> {
  const [only, ...others] = targets;
  const jobs = only === undefined || others.length > 0 ? [] : await jobsNamed(client, only);
  return {
    ...(jobs.length > 0 && only !== undefined ? { job: only } : { assets: targets }),
    ...(location === undefined ? {} : { location }),
  };
}

function partitionsOf({
  partition,
  range,
  all,
  missing,
}: LaunchBackfillOptions): LaunchBackfillBody['partitions'] {
  const asked = [
    partition,
    range === undefined ? undefined : parseRange(range),
    all === true ? ('all' as const) : undefined,
    missing === true ? ('missing' as const) : undefined,
  ].flatMap((each) => (each === undefined ? [] : [each]));
  const [only] = asked;
  if (only !== undefined && asked.length === 1) return only;
  throw new CliError(
    asked.length === 0
      ? 'No partitions are named.'
      : 'Partitions are named in more than one way; only one can hold.',
    { remedy: 'Say one of --partition <key> (repeatable), --range <first...last>, --all, --missing.' },
  );
}

function parseRange(text: string): { readonly start: string; readonly end: string } {
  const [start = '', end = '', more] = text.split('...');
  if (start !== '' && end !== '' && more === undefined) return { start, end };
  throw new CliError(`--range ${text}: a range is written first...last.`);
}

const partitionCount = (count: number): string => (count === 1 ? '1 partition' : `${count} partitions`);

function printPreview({ runCount, targets }: BackfillPreview, output: Output): void {
  output.line(`It would make ${runCount} runs:`);
  output.table(
    ['asset', 'partitions', 'first', 'last'],
    targets.map(({ asset, partitions }) => [
      asset ?? '(the job)',
      partitions.length,
      partitions[0] || null,
      partitions.at(-1) || null,
    ]),
    'Nothing.',
  );
}

export interface ListBackfillsOptions {
  readonly status?: string;
  readonly limit: number;
}

/** `headrace backfill list` */
export async function listBackfills(
  client: HeadraceClient,
  { status, limit }: ListBackfillsOptions,
  output: Output,
): Promise<number> {
  const backfills = await client.listBackfills({
    status: status === undefined ? undefined : parseStatuses(status),
    limit,
  });
  output.result(backfills, () =>
    output.table(
      ['backfill', 'of', 'status', 'made', 'failed', 'of all', 'created', 'why'],
      backfills.map((backfill) => [
        backfill.backfillId,
        targetName(backfill),
        statusName(backfill),
        backfill.completed,
        backfill.failed,
        backfill.targeted,
        instant(backfill.createdAt),
        backfill.cause ?? '',
      ]),
      'No backfills. Launch one: npx headrace backfill launch <job or asset selection> --all',
    ),
  );
  return EXIT.ok;
}

function parseStatuses(text: string): BackfillStatus[] {
  return text.split(',').map((word) => {
    const status = word.trim().toUpperCase();
    const known = BACKFILL_STATUSES.find((candidate) => candidate === status);
    if (known !== undefined) return known;
    throw new CliError(`--status ${word}: no such status.`, {
      remedy: `Statuses are ${BACKFILL_STATUSES.join(', ').toLowerCase()}.`,
    });
  });
}

/** Assets that a line names. */
const NAMED = 3;

function targetName({ job, assets, locations }: BackfillView): string {
  if (job !== null) return `${locations[0]}/${job}`;
  const named = (assets ?? []).slice(0, NAMED).join(', ');
  const more = (assets ?? []).length - NAMED;
  return more > 0 ? `${named} and ${more} more` : named;
}

const statusName = ({ status, paused }: BackfillView): string => (paused ? 'PAUSED' : status);

/** `headrace backfill show <id>` */
export async function showBackfill(
  client: HeadraceClient,
  backfillId: string,
  output: Output,
): Promise<number> {
  const [backfill, events] = await Promise.all([
    client.getBackfill(backfillId),
    client.backfillEvents(backfillId),
  ]);
  output.result({ ...backfill, events }, () => {
    const { targeted, completed, inProgress, failed, estimatedEndAt } = backfill;
    output.line(
      `${backfillId} of ${targetName(backfill)} is ${statusName(backfill)}: of ${partitionCount(targeted)} ${completed} made, ${inProgress} in progress, ${failed} failed.`,
    );
    if (estimatedEndAt !== null) output.line(`Done at about ${instant(estimatedEndAt)}.`);
    if (backfill.cause !== null) output.line(backfill.cause);
    if (backfill.byAsset.length > 0) {
      output.table(
        ['asset', 'made', 'in progress', 'failed', 'of all'],
        backfill.byAsset.map((each) => [
          each.asset,
          each.completed,
          each.inProgress,
          each.failed,
          each.targeted,
        ]),
        '',
      );
    }
    for (const { timestamp, level, message } of events) {
      output.line(`${instant(timestamp)}  ${level === 'ERROR' ? 'ERROR  ' : ''}${message}`);
    }
  });
  return EXIT.ok;
}

/** `headrace backfill cancel|pause|resume|priority <id>` */
export async function changeBackfill(
  client: HeadraceClient,
  backfillId: string,
  change: Parameters<HeadraceClient['changeBackfill']>[1],
  output: Output,
): Promise<number> {
  const backfill = await client.changeBackfill(backfillId, change);
  const said =
    change.change === 'priority' ? `has priority ${change.priority} now` : `is ${statusName(backfill)}`;
  output.result(backfill, () => output.line(`Backfill ${backfillId} ${said}.`));
  return EXIT.ok;
}

/** `headrace backfill rerun <id>` */
export async function rerunBackfill(
  client: HeadraceClient,
  backfillId: string,
  { all = false }: { readonly all?: boolean },
  output: Output,
): Promise<number> {
  const launched = await client.reexecuteBackfill(backfillId, all ? 'ALL_STEPS' : 'FROM_FAILURE');
  const { backfillId: next, targeted } = launched.backfill;
  output.result(launched, () =>
    output.line(
      `Backfill ${next} makes ${partitionCount(targeted)} of ${backfillId} again, from run ${shortId(launched.runIds[0] ?? '—')} on.`,
    ),
  );
  return EXIT.ok;
}
