import type { LambdaClient } from '@aws-sdk/client-lambda';
import { invokeEvent } from './invoke-event';

const WAKE_UP_NOW = { wakeUp: 'now' } as const;

/**
 * Has a function answer a wake-up now, whatever its index of alarms says. Nobody waits for it.
 *
 * @throws {AwsServiceError}
 */
export function invokeWakeUp(client: LambdaClient, wakeUpArn: string): Promise<void> {
  return invokeEvent(client, wakeUpArn, WAKE_UP_NOW);
}

/** Whether a wake-up was asked for by `invokeWakeUp`, and not by a rule. */
export const isWakeUpNow = (event: unknown): boolean =>
  (event as Partial<typeof WAKE_UP_NOW> | null)?.wakeUp === WAKE_UP_NOW.wakeUp;
