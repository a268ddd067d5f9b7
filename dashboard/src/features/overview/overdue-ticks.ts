import { isAdHocJob } from '../../components/format/asset-key';
import { isLateTick } from '../../components/tick-text';
import type { LateResult } from '../../graphql/generated';
import type { AttentionItem } from './attention';

export interface OverdueTick {
  readonly kind: 'late' | 'missed';
  /** The timeline's row: the schedule's job, or the schedule where its job says nothing. */
  readonly rowName: string;
  readonly schedule: string;
  readonly location: string;
  /** When it was due, epoch ms. */
  readonly at: number;
  readonly reason: string;
}

/** Those to be shown with a window: late ones whenever they were due. */
export function overdueWithin(
  ticks: readonly OverdueTick[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly OverdueTick[] {
  return ticks.filter(({ kind, at }) => kind === 'late' || (at >= from && at <= to));
}

/** Ticks of schedules that are on: due for a while and not evaluated, or missed for good. */
export function overdueTicks(answer: Pick<LateResult, 'repositoriesOrError'>, now: number): OverdueTick[] {
  const { repositoriesOrError: found } = answer;
  if (found.__typename !== 'RepositoryConnection') return [];
  return found.nodes.flatMap(({ location, schedules }) =>
    schedules.flatMap(({ name, pipelineName, scheduleState }) => {
      if (scheduleState.status !== 'RUNNING') return [];
      const tick = {
        schedule: name,
        location: location.name,
        rowName: isAdHocJob(pipelineName) ? name : pipelineName,
      };
      const late = scheduleState.expectedTicks
        .filter(({ timestamp }) => isLateTick(timestamp, now))
        .map(({ timestamp }) => ({
          ...tick,
          kind: 'late' as const,
          at: timestamp * 1_000,
          reason: 'not evaluated yet',
        }));
      const missed = scheduleState.missedTicks.map(({ timestamp, reason }) => ({
        ...tick,
        kind: 'missed' as const,
        at: timestamp * 1_000,
        reason: reason ?? 'it will not be evaluated',
      }));
      return [...late, ...missed];
    }),
  );
}

/** One line per schedule: the newest of its ticks, and how many more there are. */
export function overdueAttention(ticks: readonly OverdueTick[]): AttentionItem[] {
  const bySchedule = Map.groupBy(ticks, (tick) => `${tick.location}:${tick.schedule}:${tick.kind}`);
  return [...bySchedule].flatMap(([id, members]) => {
    const [first, ...others] = members.toSorted((a, b) => b.at - a.at);
    if (!first) return [];
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    return [
      {
        id: `tick:${id}`,
        kind: first.kind,
        title: first.schedule,
        text: `${first.kind === 'late' ? 'late' : 'missed'} tick${more}: ${first.reason}`,
        at: first.at,
        link: { to: '/schedules' as const, open: `${first.location}:${first.schedule}` },
      },
    ];
  });
}
