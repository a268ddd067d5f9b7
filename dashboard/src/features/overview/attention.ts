import { causeText } from '../../components/cause-text';
import { runTargetText } from '../../components/run-target-text';
import type { StatusKind } from '../../components/status';
import type { TimelineResult } from '../../graphql/generated';

type Timeline = Extract<TimelineResult['runTimelineOrError'], { readonly __typename: 'RunTimeline' }>;
export type TimelineRun = Timeline['latest'][number];
type UnrecoveredRun = Timeline['unrecovered'][number];
type Repository = Extract<
  TimelineResult['repositoriesOrError'],
  { readonly __typename: 'RepositoryConnection' }
>['nodes'][number];
type Entry = Extract<
  TimelineResult['workspaceOrError'],
  { readonly __typename: 'Workspace' }
>['locationEntries'][number];

export interface AttentionItem {
  readonly id: string;
  readonly kind: StatusKind;
  readonly title: string;
  readonly text: string;
  /** Epoch ms. */
  readonly at: number;
  readonly link:
    | { readonly to: '/runs/$runId'; readonly runId: string }
    | { readonly to: '/schedules' | '/sensors'; readonly open: string }
    | { readonly to: '/deployment' };
}

/** What is wrong now, newest first: failed runs not followed by a success, failing ticks, broken locations. */
export function findAttention(
  unrecovered: readonly UnrecoveredRun[],
  repositories: readonly Repository[],
  entries: readonly Entry[],
): AttentionItem[] {
  const items = unrecovered.map((run): AttentionItem => {
    const { name, detail } = runTargetText(run);
    return {
      id: run.runId,
      kind: 'failure',
      title: name,
      text: `${detail ? `run of ${detail}` : `run ${run.runId.slice(0, 8)}`} failed${run.cause ? `: ${causeText(run.cause)}` : ''}`,
      at: (run.endTime ?? run.creationTime) * 1_000,
      link: { to: '/runs/$runId', runId: run.runId },
    };
  });
  for (const repository of repositories) {
    const location = repository.location.name;
    const instigators = [
      ...repository.schedules.map((each) => ({
        name: each.name,
        state: each.scheduleState,
        to: '/schedules' as const,
      })),
      ...repository.sensors.map((each) => ({
        name: each.name,
        state: each.sensorState,
        to: '/sensors' as const,
      })),
    ];
    for (const { name, state, to } of instigators) {
      const tick = state.ticks[0];
      if (tick?.status !== 'FAILURE' || state.status !== 'RUNNING') continue;
      items.push({
        id: `${to}:${location}:${name}`,
        kind: 'failure',
        title: name,
        text: `last tick failed: ${tick.error?.message.split('\n')[0] ?? 'no message'}`,
        at: tick.timestamp * 1_000,
        link: { to, open: `${location}:${name}` },
      });
    }
  }
  for (const entry of entries) {
    if (entry.locationOrLoadError?.__typename !== 'PythonError') continue;
    items.push({
      id: entry.id,
      kind: 'warn',
      title: entry.name,
      text: `load error: ${causeLine(entry.locationOrLoadError.message)}`,
      at: entry.updatedTimestamp * 1_000,
      link: { to: '/deployment' },
    });
  }
  return items.sort((a, b) => b.at - a.at);
}

/** The line of a message that says why: the first, or the second where the first only announces it. */
function causeLine(message: string): string {
  const [first = '', second] = message.split('\n');
  return first.endsWith(':') && second ? second.trim() : first;
}
