import { isLateTick, type TickLike } from '../../components/tick-text';
import type { SchedulesResult } from '../../graphql/generated';

type Repository = Extract<
  SchedulesResult['repositoriesOrError'],
  { readonly __typename: 'RepositoryConnection' }
>['nodes'][number];
type State = Repository['schedules'][number]['scheduleState'];

/** Ticks that a list shows of each schedule. */
const SHOWN = 20;

/** What became of a schedule's last ticks, newest first: those that were evaluated, missed, or are late by now (epoch ms). */
export function lastTicks(
  state: Pick<State, 'status' | 'ticks' | 'missedTicks' | 'expectedTicks'>,
  now: number,
): readonly TickLike[] {
  const unevaluated = (status: 'MISSED' | 'LATE', timestamp: number, reason: string | null): TickLike => ({
    id: `${status}-${timestamp}`,
    status,
    timestamp,
    runIds: [],
    skipReason: reason,
    error: null,
  });
  const late = state.status === 'RUNNING' ? state.expectedTicks : [];
  return [
    ...state.ticks,
    ...state.missedTicks.map(({ timestamp, reason }) => unevaluated('MISSED', timestamp, reason)),
    ...late
      .filter(({ timestamp }) => isLateTick(timestamp, now))
      .map(({ timestamp }) => unevaluated('LATE', timestamp, null)),
  ]
    .sort((a, b) => b.timestamp - a.timestamp)
    .slice(0, SHOWN);
}
