import { METRIC } from '../../model/control-plane-metrics';
import type { Clock } from '../../ports/clock';
import type { Storage } from '../../ports/storage';
import type { FunctionLog } from './function-log';

/** The same storage, which measures what claims take and how late schedules are evaluated. */
export function measuredStorage(
  storage: Storage,
  { clock, log }: { readonly clock: Pick<Clock, 'now'>; readonly log: Pick<FunctionLog, 'measure'> },
): Storage {
  return {
    ...storage,
    async claimRuns(count, settings) {
      const began = clock.now();
      const claimed = await storage.claimRuns(count, settings);
      log.measure(METRIC.claimTime, clock.now() - began);
      return claimed;
    },
    async startTick(id, scheduledAt, now, leaseSeconds, last) {
      const tick = await storage.startTick(id, scheduledAt, now, leaseSeconds, last);
      // A sensor's tick has no time of its own but that of its evaluation.
      if (tick !== undefined && id.kind === 'schedule') {
        log.measure(METRIC.tickLag, Math.max(0, now - scheduledAt) / 1_000);
      }
      return tick;
    },
  };
}
