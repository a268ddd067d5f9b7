import type { EngineSettings } from '../../../lib/engine/engine-settings';
import type { Faults } from '../core/faults';
import type { Network } from '../core/network';
import type { Random } from '../core/random';
import type { Timeline } from '../core/timeline';
import type { Trace } from '../core/trace';

/** What every part of the simulated world shares. */
export interface Simulation {
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly faults: Faults;
  readonly network: Network;
  /** Of the world: delays, durations. */
  readonly random: Random;
  readonly settings: EngineSettings;
  /** Something that must never happen has happened. */
  violate(what: string): void;
}
