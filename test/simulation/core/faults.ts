import { Random } from './random';

/** Every kind of fault, with how likely it is where it may happen. A seed has some kinds, each more or less often. */
export const FAULTS = {
  // The database: a statement over the network.
  'database: request lost': 0.01,
  'database: reply lost': 0.012,
  'database: statement repeated': 0.015,
  'database: slow': 0.02,
  // Processes of the control plane.
  'process: killed between two calls': 0.004,
  'process: frozen after its answer': 0.5,
  'process: clock skewed': 0.3,
  // Lambda.
  'lambda: invoked twice': 0.04,
  'lambda: throttled': 0.03,
  // Step Functions.
  'step-functions: request lost': 0.05,
  'step-functions: reply lost': 0.06,
  'step-functions: aborted by hand': 0.02,
  // ECS.
  'ecs: no capacity': 0.08,
  'ecs: throttled': 0.06,
  'ecs: throttled as invalid parameter': 0.04,
  'ecs: reply of run-task lost': 0.05,
  'ecs: task never starts': 0.03,
  'ecs: task fails to start': 0.04,
  'ecs: task stops slowly': 0.15,
  'ecs: spot interruption': 0.06,
  'ecs: call failed': 0.03,
  'ecs: stopped event lost': 0.2,
  'ecs: stopped event twice': 0.2,
  'ecs: stopped event late': 0.2,
  // Workers.
  'worker: killed': 0.06,
  'worker: exited without a result': 0.02,
  'worker: hangs': 0.015,
  'worker: cut off from the database': 0.04,
  'worker: step fails': 0.08,
  // EventBridge.
  'event-bridge: wake-up late': 0.15,
  'event-bridge: wake-up lost': 0.1,
  'event-bridge: wake-up twice': 0.1,
  'event-bridge: call failed': 0.03,
  'event-bridge: rule takes effect late': 0.3,
  // S3.
  's3: call failed': 0.01,
  'sns: call failed': 0.2,
  // User code of schedules and sensors.
  'code location: unreachable': 0.04,
  'code location: throws': 0.05,
  'code location: slow': 0.05,
} as const;

export type FaultKind = keyof typeof FAULTS;

/** So much more often a fault of a plague happens, and of one that was asked for. */
const PLAGUE = 8;
const ASKED_PLAGUE = 32;

/** Decides which faults happen, and counts them. */
export class Faults {
  private readonly random: Random;
  private readonly rates: Readonly<Record<FaultKind, number>>;
  readonly fired = new Map<FaultKind, number>();
  private areOver = false;

  /** @param plagues kinds that are frequent, whatever the seed says */
  constructor(seed: number, plagues: readonly string[] = []) {
    this.random = new Random(seed, 'faults');
    const intensity = this.random.pick([0, 0.5, 1, 1, 1, 2]);
    const rates = Object.entries(FAULTS).map(([kind, rate]) => {
      const factor = this.random.chance(0.6) ? intensity * this.random.between(0.3, 2) : 0;
      // A plague: rare faults meet only where they are not rare.
      const isPlague = intensity > 0 && this.random.chance(0.08);
      const times = plagues.includes(kind) ? ASKED_PLAGUE : isPlague ? PLAGUE : factor;
      return [kind, Math.min(0.5, rate * times)];
    });
    this.rates = Object.fromEntries(rates) as Record<FaultKind, number>;
  }

  /** Whether a fault happens here and now. */
  strikes(kind: FaultKind): boolean {
    if (this.areOver || this.rates[kind] === 0 || !this.random.chance(this.rates[kind])) return false;
    this.fired.set(kind, (this.fired.get(kind) ?? 0) + 1);
    return true;
  }

  /** From now on all goes well. */
  end(): void {
    this.areOver = true;
  }
}
