import type { NewSensorEvent, SensorEvent, SensorEventStatus } from '../model/sensor-event';
import type { InstigatorId, InstigatorState, Tick } from '../model/tick';
import type { TickOutcome } from './instigator-storage';

/** The inbox of sensors that events are pushed to. */
export interface SensorEventStorage {
  /** Stores an event behind those before it. One whose id its sensor has already is not stored again. */
  receiveSensorEvent(event: NewSensorEvent): Promise<ReceivedSensorEvent>;
  /**
   * Opens the tick of the first event in line, or opens it anew after a failure. Undefined when none is due, or when an
   * evaluation of the sensor is open (younger than `leaseSeconds`).
   */
  startEventTick(
    id: Pick<InstigatorId, 'location' | 'name'>,
    now: number,
    leaseSeconds: number,
  ): Promise<StartedEventTick | undefined>;
  /**
   * Ends an evaluation of an event and its tick, as `finishTick` does. After a failure the event is tried again at
   * `retryAt`, or kept as failed (null). Void when another evaluation has begun since; repeating it changes nothing.
   */
  finishEventTick(
    started: StartedEventTick,
    outcome: Omit<TickOutcome, 'automation'>,
    retryAt: number | null,
  ): Promise<Tick>;
  /** The first event in line of each sensor that has any. */
  pendingSensorEvents(): Promise<readonly PendingSensorEvents[]>;
  /** Newest first, keyset by `acceptedAt`: those of a sensor. */
  listSensorEvents(query: {
    readonly location: string;
    readonly sensor: string;
    readonly statuses?: readonly SensorEventStatus[] | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  }): Promise<readonly SensorEvent[]>;
  /** Puts failed events back in line, where they were; null = all of the sensor. Returns how many. */
  replaySensorEvents(
    id: Pick<InstigatorId, 'location' | 'name'>,
    eventIds: readonly string[] | null,
    now: number,
  ): Promise<number>;
}

export interface ReceivedSensorEvent {
  /** False: it was there already. */
  readonly created: boolean;
  /** Whether nothing is in line before it, so that nobody else sees to it. */
  readonly isNext: boolean;
  readonly event: SensorEvent;
}

export interface StartedEventTick {
  readonly tick: Tick;
  readonly event: SensorEvent;
  /** The sensor's state before; null = it has none yet. */
  readonly state: InstigatorState | null;
}

export interface PendingSensorEvents {
  readonly location: string;
  readonly sensor: string;
  /** When the first of them is to be evaluated; epoch ms. */
  readonly dueAt: number;
}
