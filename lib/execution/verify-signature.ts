import type { CodeLocationRequest, CodeLocationResponses } from '../model/code-location';
import { fromBase64, isSignedByAny } from '../model/webhook-signature';
import type { ExecutionHost } from './execution-host';

/**
 * Checks a webhook's signatures by the location's own secrets, where those are: they go nowhere else.
 *
 * @throws what looking up secrets throws
 */
export async function verifySignature(
  { lookUp }: Pick<ExecutionHost, 'lookUp'>,
  { secrets, signatures, signed }: Extract<CodeLocationRequest, { kind: 'verify-signature' }>,
): Promise<CodeLocationResponses['verify-signature']> {
  const found = [...(await lookUp(secrets)).values()].filter((value) => value !== '');
  if (found.length === 0) return { verdict: 'no-secret' };
  const claim = {
    signed: fromBase64(signed) ?? new Uint8Array(),
    signatures: signatures.flatMap((each) => fromBase64(each) ?? []),
  };
  return { verdict: (await isSignedByAny(claim, found)) ? 'right' : 'wrong' };
}
