import { LambdaClient } from '@aws-sdk/client-lambda';
import { invokeEvent } from './invoke-event';

/**
 * Has queued runs claimed now, by the control plane's `dequeue` function.
 *
 * @throws {AwsServiceError}
 */
export function requestDequeue(functionName: string): Promise<void> {
  client ??= new LambdaClient();
  return invokeEvent(client, functionName, {});
}

let client: LambdaClient | undefined;
