import { type FixtureRun, type FixtureState, location, toRun } from './dashboard-fixture-data';

/** A run with this tag is of another code location than the fixture's own. */
export const LOCATION_TAG = 'fixture/location';

interface TimelineArgs {
  readonly startTime: number;
  readonly endTime: number;
  readonly rows?: number;
  readonly filter?: {
    readonly names?: readonly string[];
    readonly locations?: readonly string[];
    readonly statuses?: readonly string[];
  } | null;
}

const locationOf = (run: FixtureRun): string =>
  run.tags.find(({ key }) => key === LOCATION_TAG)?.value ?? location;
const isAdHoc = (run: FixtureRun): boolean => run.jobName.startsWith('__ASSET_JOB');
const nameOf = (run: FixtureRun): string => (isAdHoc(run) ? (run.assets[0] ?? 'assets') : run.jobName);

/** What ran in a window, from the fixture's runs; made-up data is merged by a hundredth of the window. */
export function timelineRoot(state: FixtureState) {
  return {
    runTimelineOrError: ({ startTime, endTime, rows = 24, filter }: TimelineArgs) => {
      const startOf = (run: FixtureRun) => run.startTime ?? run.creationTime;
      const slot = (endTime - startTime) / 100;
      const runs = state.runs.filter(
        (run) =>
          startOf(run) <= endTime &&
          (run.endTime ?? Number.POSITIVE_INFINITY) >= startTime &&
          (filter?.names?.some((name) => nameOf(run).includes(name)) ?? true) &&
          (filter?.locations?.includes(locationOf(run)) ?? true) &&
          (filter?.statuses?.includes(run.status) ?? true),
      );
      const groups = Map.groupBy(runs, (run) => `${locationOf(run)} ${nameOf(run)}`);
      return {
        __typename: 'RunTimeline',
        rowCount: groups.size,
        counts: countsOf(runs),
        rows: [...groups.values()].map((members, rank) => {
          const [first] = members as [FixtureRun, ...FixtureRun[]];
          const batches = [
            ...Map.groupBy(
              members.toReversed(),
              (run) => `${Math.floor(startOf(run) / slot)} ${run.status}`,
            ).values(),
          ];
          return {
            locationName: locationOf(first),
            name: nameOf(first),
            jobName: first.jobName,
            counts: countsOf(members),
            marks:
              rank >= rows
                ? null
                : {
                    startTime: batches.map((batch) => Math.min(...batch.map(startOf))),
                    endTime: batches.map((batch) =>
                      Math.max(...batch.map((run) => run.endTime ?? state.now / 1_000)),
                    ),
                    status: batches.map(([run]) => run?.status),
                    count: batches.map(({ length }) => length),
                    runId: batches.map((batch) => (batch.length === 1 ? batch[0]?.runId : null)),
                    firstCreationTime: batches.map((batch) =>
                      Math.min(...batch.map(({ creationTime }) => creationTime)),
                    ),
                    lastCreationTime: batches.map((batch) =>
                      Math.max(...batch.map(({ creationTime }) => creationTime)),
                    ),
                  },
          };
        }),
        runs: ({ limit = 25, onlyUnrecovered }: { limit?: number; onlyUnrecovered?: boolean }) =>
          (onlyUnrecovered ? runs.filter((run) => isUnrecovered(run, runs)) : runs)
            .slice(0, limit)
            .map(toRun),
      };
    },
  };
}

function countsOf(runs: readonly FixtureRun[]) {
  return [...Map.groupBy(runs, ({ status }) => status)].map(([status, { length }]) => ({
    status,
    count: length,
  }));
}

/** Whether it is the newest of its job that ended, and failed; runs are newest first. */
function isUnrecovered(run: FixtureRun, runs: readonly FixtureRun[]): boolean {
  const ended = runs.find(
    (each) => nameOf(each) === nameOf(run) && (each.status === 'SUCCESS' || each.status === 'FAILURE'),
  );
  return run.status === 'FAILURE' && ended === run;
}
