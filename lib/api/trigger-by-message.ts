import { PortError } from '../ports/errors';
import { type CreateApiOptions, createRestApi } from './create-rest-api';

/**
 * Launches what a message of a queue asks for: its body is that of `POST /api/runs`. Who may send messages is said
 * by the queue's policy. A message that comes again makes no second run.
 *
 * @throws {PortError} the run was not launched; transient: try again
 */
export async function triggerByMessage(
  options: Omit<CreateApiOptions, 'authorize'>,
  message: { readonly messageId: string; readonly body: string; readonly eventSourceARN: string },
): Promise<void> {
  const user = message.eventSourceARN.slice(message.eventSourceARN.lastIndexOf(':') + 1);
  const api = createRestApi({ ...options, authorize: () => ({ user, role: 'launcher' }) });
  const answer = await api.handle(
    new Request('https://queue.invalid/api/runs', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': message.messageId },
      body: message.body,
    }),
  );
  if (answer.ok) return;
  const fault = answer.status === 503 ? 'transient' : 'permanent';
  throw new PortError(fault, `Message ${message.messageId} launches no run: ${await answer.text()}`);
}
