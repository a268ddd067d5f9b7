import { LambdaClient } from '@aws-sdk/client-lambda';
import { invokeEvent } from './invoke-event';

/** Made by the first call: most attempts make none. */
let client: LambdaClient | undefined;

/**
 * Has queued runs claimed now, by the control plane's `dequeue` function.
 *
 * @throws {AwsServiceError}
 */
export function requestDequeue(functionName: string): Promise<void> {
  client ??= new LambdaClient();
  return invokeEvent(client, functionName, {});
}
