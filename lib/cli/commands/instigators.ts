import type { HeadraceClient } from '../../client';
import { CliError, EXIT } from '../errors';
import { instant } from '../format';
import type { Output } from '../output';
import { ERROR_FIELDS, type MaybeRefused, refusalOf, throwIfRefused } from '../refusal';

/** Which of the two families of commands: `headrace schedule …` or `headrace sensor …`. */
export type Family = 'schedule' | 'sensor';

interface Instigator {
  readonly name: string;
  readonly location: string;
  readonly status: string;
  /** Cron and zone, or the interval. */
  readonly when: string;
  /** Epoch seconds. */
  readonly nextTick: number | null;
  /** Why it turned itself off; null when it did not. */
  readonly stopReason: string | null;
  /** What `stop` needs. */
  readonly stateId: string;
}

const STATE = 'id status stopReason nextTick { timestamp }';
const LIST: Record<Family, string> = {
  schedule: `query { repositoriesOrError { ... on RepositoryConnection { nodes { location { name } schedules { name cronSchedule executionTimezone scheduleState { ${STATE} } } } } } }`,
  sensor: `query { repositoriesOrError { ... on RepositoryConnection { nodes { location { name } sensors { name minIntervalSeconds eventSource { type } sensorState { ${STATE} } } } } } }`,
};

interface State {
  readonly id: string;
  readonly status: string;
  readonly stopReason: string | null;
  readonly nextTick: { readonly timestamp: number } | null;
}
interface ListAnswer {
  readonly repositoriesOrError: {
    readonly nodes?: readonly {
      readonly location: { readonly name: string };
      readonly schedules?: readonly {
        readonly name: string;
        readonly cronSchedule: string;
        readonly executionTimezone: string | null;
        readonly scheduleState: State;
      }[];
      readonly sensors?: readonly {
        readonly name: string;
        readonly minIntervalSeconds: number;
        readonly eventSource: { readonly type: string } | null;
        readonly sensorState: State;
      }[];
    }[];
  };
}

/** All schedules, or all sensors, of the deployment. */
async function instigators(client: HeadraceClient, family: Family): Promise<Instigator[]> {
  const answer = await client.graphql<ListAnswer>(LIST[family]);
  return (answer.repositoriesOrError.nodes ?? []).flatMap(({ location, schedules = [], sensors = [] }) => [
    ...schedules.map((s) =>
      view(s.name, location.name, `${s.cronSchedule} ${s.executionTimezone ?? 'UTC'}`, s.scheduleState),
    ),
    ...sensors.map((s) => view(s.name, location.name, whenOf(s), s.sensorState)),
  ]);
}

const whenOf = ({
  eventSource,
  minIntervalSeconds,
}: {
  readonly eventSource: { readonly type: string } | null;
  readonly minIntervalSeconds: number;
}): string =>
  eventSource === null
    ? `every ${minIntervalSeconds} s`
    : `on ${eventSource.type.toLowerCase().replaceAll('_', ' ')}`;

function view(name: string, location: string, when: string, state: State): Instigator {
  return {
    name,
    location,
    when,
    status: state.status,
    stopReason: state.stopReason,
    nextTick: state.nextTick?.timestamp ?? null,
    stateId: state.id,
  };
}

/** `headrace schedule list` */
export async function listInstigators(
  client: HeadraceClient,
  family: Family,
  output: Output,
): Promise<number> {
  const all = await instigators(client, family);
  output.result(all, () =>
    output.table(
      [family, 'location', 'status', 'when', 'next tick'],
      all.map((i) => [
        i.name,
        i.location,
        i.stopReason === null ? i.status : `${i.status} (itself)`,
        i.when,
        i.nextTick === null ? null : instant(i.nextTick * 1000),
      ]),
      `No ${family}s. Declare one with ${family}({...}) in a code location.`,
    ),
  );
  for (const { name, stopReason } of all) if (stopReason !== null) output.note(`${name}: ${stopReason}`);
  return EXIT.ok;
}

/** One of them, by its name or `location/name`. @throws {CliError} */
export async function findInstigator(
  client: HeadraceClient,
  family: Family,
  name: string,
): Promise<Instigator> {
  const all = await instigators(client, family);
  const found = all.find((i) => i.name === name || `${i.location}/${i.name}` === name);
  if (found !== undefined) return found;
  throw new CliError(`No ${family} is called "${name}".`, {
    remedy:
      all.length > 0
        ? `There are ${all.map((i) => i.name).join(', ')}.`
        : `No code location declares a ${family}.`,
  });
}

interface MutationAnswer {
  readonly result: MaybeRefused;
}

/** `headrace schedule start|stop <name>` */
export async function switchInstigator(
  client: HeadraceClient,
  family: Family,
  name: string,
  on: boolean,
  output: Output,
): Promise<number> {
  const target = await findInstigator(client, family, name);
  const { result } = await client.graphql<MutationAnswer>(...mutation(family, target, on));
  throwIfRefused(result);
  const status = on ? 'RUNNING' : 'STOPPED';
  output.result({ name: target.name, location: target.location, status }, () =>
    output.line(`${target.name} is ${on ? 'on' : 'off'}.`),
  );
  return EXIT.ok;
}

function mutation(family: Family, target: Instigator, on: boolean): [string, Record<string, unknown>] {
  const selector = { repositoryName: '__repository__', repositoryLocationName: target.location };
  if (!on) {
    return family === 'schedule'
      ? [
          `mutation($id: String!) { result: stopRunningSchedule(id: $id) { __typename ${ERROR_FIELDS} } }`,
          { id: target.stateId },
        ]
      : [
          `mutation($id: String!) { result: stopSensor(id: $id) { __typename ${ERROR_FIELDS} } }`,
          { id: target.stateId },
        ];
  }
  return family === 'schedule'
    ? [
        `mutation($s: ScheduleSelector!) { result: startSchedule(scheduleSelector: $s) { __typename ${ERROR_FIELDS} } }`,
        { s: { ...selector, scheduleName: target.name } },
      ]
    : [
        `mutation($s: SensorSelector!) { result: startSensor(sensorSelector: $s) { __typename ${ERROR_FIELDS} } }`,
        { s: { ...selector, sensorName: target.name } },
      ];
}

const EVALUATION =
  '... on DryRunInstigationTick { timestamp evaluationResult { skipReason cursor error { message } runRequests { runKey jobName tags { key value } runConfigYaml } } }';

interface PreviewAnswer {
  readonly result: {
    readonly __typename: string;
    readonly message?: string;
    readonly timestamp?: number;
    readonly evaluationResult?: {
      readonly skipReason: string | null;
      readonly error: { readonly message: string } | null;
      readonly runRequests:
        | readonly {
            readonly runKey: string | null;
            readonly jobName: string | null;
            readonly tags: readonly { readonly key: string; readonly value: string }[];
          }[]
        | null;
    };
  };
}

/** `headrace schedule|sensor preview <name>`: evaluates without launching anything. */
export async function previewInstigator(
  client: HeadraceClient,
  family: Family,
  name: string,
  options: { readonly at?: string; readonly cursor?: string },
  output: Output,
): Promise<number> {
  const target = await findInstigator(client, family, name);
  const selector = { repositoryName: '__repository__', repositoryLocationName: target.location };
  const { result } =
    family === 'schedule'
      ? await client.graphql<PreviewAnswer>(
          `mutation($s: ScheduleSelector!, $t: Float) { result: scheduleDryRun(selectorData: $s, timestamp: $t) { __typename ${ERROR_FIELDS} ${EVALUATION} } }`,
          {
            s: { ...selector, scheduleName: target.name },
            t: options.at === undefined ? null : parseInstant(options.at) / 1000,
          },
        )
      : await client.graphql<PreviewAnswer>(
          `mutation($s: SensorSelector!, $c: String) { result: sensorDryRun(selectorData: $s, cursor: $c) { __typename ${ERROR_FIELDS} ${EVALUATION} } }`,
          { s: { ...selector, sensorName: target.name }, c: options.cursor ?? null },
        );
  const evaluation = result.evaluationResult;
  if (evaluation === undefined)
    throw new CliError(refusalOf(result) ?? result.__typename, { exitCode: EXIT.failed });
  output.result(result, () => {
    if (evaluation.error !== null) output.line(`It would fail: ${evaluation.error.message}`);
    else if ((evaluation.runRequests ?? []).length === 0)
      output.line(`It would skip: ${evaluation.skipReason ?? 'no run is asked for'}`);
    else {
      output.table(
        ['job', 'run key', 'tags'],
        (evaluation.runRequests ?? []).map((r) => [
          r.jobName,
          r.runKey,
          r.tags.map((t) => `${t.key}=${t.value}`).join(' '),
        ]),
        '',
      );
    }
  });
  return evaluation.error === null ? EXIT.ok : EXIT.failed;
}

function parseInstant(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new CliError(`--at ${text}: write an instant such as 2026-11-23T06:00:00Z.`);
  return at;
}
