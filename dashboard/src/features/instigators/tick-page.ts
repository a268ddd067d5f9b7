import type { TickLike } from '../../components/tick-text';
import type {
  InstigationTickStatus,
  InstigatorTicksResult,
  InstigatorTicksVariables,
} from '../../graphql/generated';

/** Ticks on a page of the history. */
export const TICKS_PER_PAGE = 40;

/** What the history can be narrowed to, as the address writes it. */
export const tickFilters = ['all', 'success', 'skipped', 'error', 'missed'] as const;
export type TickFilter = (typeof tickFilters)[number];

const statuses: Readonly<Record<TickFilter, readonly InstigationTickStatus[] | undefined>> = {
  all: undefined,
  success: ['SUCCESS'],
  skipped: ['SKIPPED'],
  error: ['FAILURE'],
  // Those are of the ledger of expected ticks: nothing evaluated them.
  missed: [],
};

/** Takes the history's place out of the address, for another schedule or sensor. */
export const noTickPage = { ticks: undefined, before: undefined } as const;

export const isTickFilter = (text: string | undefined): text is TickFilter =>
  tickFilters.some((each) => each === text);

/** Where a page of the history begins: behind a tick, and behind an instant in the ledger. Written `1204@1763900000`. */
interface TickCursor {
  readonly tickId: string | undefined;
  /** Epoch s. */
  readonly timestamp: number;
}

function parseCursor(text: string | undefined): TickCursor | undefined {
  const match = /^(\d*)@(\d+(?:\.\d+)?)$/.exec(text ?? '');
  return match ? { tickId: match[1] || undefined, timestamp: Number(match[2]) } : undefined;
}

/** Epoch s of where a page begins; undefined of the newest one. */
export const pageStart = (before: string | undefined): number | undefined => parseCursor(before)?.timestamp;

/** What is asked for, for one page of the history. */
export function tickPageVariables(
  filter: TickFilter,
  before: string | undefined,
): Omit<InstigatorTicksVariables, 'selector'> {
  const cursor = parseCursor(before);
  const wanted = statuses[filter];
  const withMissed = filter === 'all' || filter === 'missed';
  return {
    limit: filter === 'missed' ? 1 : TICKS_PER_PAGE,
    missedLimit: withMissed ? TICKS_PER_PAGE : 1,
    ...(wanted === undefined ? {} : { statuses: wanted }),
    ...(cursor?.tickId === undefined ? {} : { cursor: cursor.tickId }),
    ...(cursor === undefined ? {} : { missedCursor: cursor.timestamp }),
  };
}

type History = Extract<
  InstigatorTicksResult['instigationStateOrError'],
  { readonly __typename: 'InstigationState' }
>;

export interface TickPage {
  /** Newest first. */
  readonly ticks: readonly TickLike[];
  /** Where the next page begins; undefined of the last one. */
  readonly older: string | undefined;
}

/** A page of ticks with those that were missed between them. */
export function toTickPage(
  { ticks, missedTicks }: Pick<History, 'ticks' | 'missedTicks'>,
  filter: TickFilter,
  before: string | undefined,
): TickPage {
  const evaluated = filter === 'missed' ? [] : ticks;
  const isFull = evaluated.length >= TICKS_PER_PAGE;
  const missedLeft = filter === 'all' || filter === 'missed' ? missedTicks : [];
  // Beyond the oldest tick of a full page there may be ticks that are not on it.
  const oldest = isFull ? Math.min(...evaluated.map(({ timestamp }) => timestamp)) : 0;
  const missed = missedLeft.filter(({ timestamp }) => timestamp >= oldest);
  const shown = [...evaluated, ...missed.map(missedTick)].sort((a, b) => b.timestamp - a.timestamp);
  const oldestMissed = missed.length >= TICKS_PER_PAGE ? missed.at(-1)?.timestamp : undefined;
  // From the ledger nothing is left out, even where that is behind ticks that are shown already.
  const end = oldestMissed ?? (isFull ? shown.at(-1)?.timestamp : undefined);
  const tickId = evaluated.at(-1)?.tickId ?? parseCursor(before)?.tickId ?? '';
  return { ticks: shown, older: end === undefined ? undefined : `${tickId}@${end}` };
}

const missedTick = ({
  timestamp,
  reason,
}: {
  readonly timestamp: number;
  readonly reason: string | null;
}): TickLike => ({
  id: `missed-${timestamp}`,
  status: 'MISSED',
  timestamp,
  runIds: [],
  skipReason: reason,
  error: null,
});
