import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { callService } from './aws-service-error';

/**
 * Hands an event to a function and waits for nothing but that Lambda has taken it.
 *
 * @param name the function's name or ARN
 * @throws {AwsServiceError}
 */
export async function invokeEvent(client: LambdaClient, name: string, event: object): Promise<void> {
  await callService({ service: 'Lambda', operation: 'Invoke', subject: name }, () =>
    client.send(
      new InvokeCommand({
        FunctionName: name,
        InvocationType: 'Event',
        Payload: new TextEncoder().encode(JSON.stringify(event)),
      }),
    ),
  );
}
