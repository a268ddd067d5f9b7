import { formatSpan } from '../../components/format/duration';
import { median } from '../../components/format/number';

export interface LaunchLimits {
  readonly active: number;
  readonly queued: number;
  /** −1 and undefined: no limit. */
  readonly maxConcurrentRuns: number | undefined;
  readonly pools: readonly {
    readonly concurrencyKey: string;
    readonly limit: number | null;
    readonly slotCount: number;
    readonly activeSlotCount: number;
    readonly pendingStepCount: number;
  }[];
}

export interface LaunchWait {
  readonly waits: boolean;
  readonly text: string;
}

/**
 * How long a run launched now would wait. The estimate: those before it and it, one after another through the slots
 * that there are, each as long as half of this job's last runs.
 */
export function launchWait(
  limits: LaunchLimits,
  pools: readonly string[],
  lengths: readonly number[],
): LaunchWait {
  const typical = median(lengths);
  const about = (turns: number) =>
    typical === undefined ? 'would wait for one to end' : `would wait about ${formatSpan(turns * typical)}`;
  const most = limits.maxConcurrentRuns;
  if (most === 0) return { waits: true, text: 'the limit of runs is 0: it would wait until that is raised' };
  if (most !== undefined && most > 0 && limits.active + limits.queued >= most) {
    const before = limits.queued > 0 ? `, ${limits.queued} queued` : '';
    return {
      waits: true,
      text: `${Math.min(limits.active, most)} of ${most} run slots${before}: ${about((limits.queued + 1) / most)}`,
    };
  }
  for (const name of pools) {
    const pool = limits.pools.find((each) => each.concurrencyKey === name);
    const slots = pool?.limit ?? pool?.slotCount;
    if (!pool || slots === undefined || pool.activeSlotCount < slots) continue;
    return {
      waits: true,
      text: `pool ${name} ${pool.activeSlotCount} of ${slots}: ${slots === 0 ? 'would wait until its limit is raised' : about((pool.pendingStepCount + 1) / slots)}`,
    };
  }
  return { waits: false, text: 'starts at once' };
}
