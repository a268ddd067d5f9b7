import type { CodeLocationCall, CodeLocationReply } from '../model/code-location';
import { toSerializableError } from '../model/serializable-error';
import type { Clock } from '../ports/clock';
import { type CodeLocationClient, UserCodeError } from '../ports/code-location-client';
import { PortError } from '../ports/errors';

/** Milliseconds beyond the time allowed in which the process may say itself what took so long; the caller waits 5 s. */
const GRACE = 2_000;

/**
 * Answers a call by the process that holds the location's code. What user code throws is an answer; loading the
 * code counts towards the time that the call allows, because nobody listens after that.
 *
 * @throws {PortError} no answer: out of time, the process died, the code cannot be fetched
 */
export async function answerCodeLocationCall(
  client: CodeLocationClient,
  clock: Clock,
  location: string,
  { bundleHash, request, timeoutSeconds }: CodeLocationCall,
): Promise<CodeLocationReply<unknown>> {
  const waiting = new AbortController();
  const late = clock.sleep(timeoutSeconds * 1_000 + GRACE, waiting.signal).then(() => {
    throw new PortError(
      'transient',
      `Code location '${location}' did not answer '${request.kind}' within ${timeoutSeconds} s, fetching and loading its code included.`,
    );
  });
  late.catch(() => {});
  try {
    const answer = client.call(location, bundleHash, request, { timeoutSeconds });
    return { ok: true, value: await Promise.race([answer, late]) };
  } catch (error) {
    if (!(error instanceof UserCodeError)) throw error;
    const { cause, logs } = error;
    return { ok: false, error: toSerializableError(cause ?? error), ...(logs.length === 0 ? {} : { logs }) };
  } finally {
    waiting.abort();
  }
}
