import { longestTail, MASK, type SecretMask } from '../model/secret-mask';

/**
 * Masks a piece of a byte stream.
 *
 * @param isLast otherwise a tail that may be the beginning of a secret is held back
 * @returns the masked bytes, and the tail to be put before the next piece
 */
export function maskBytes(
  mask: SecretMask,
  piece: Buffer,
  isLast: boolean,
): { readonly masked: Buffer; readonly held: Buffer } {
  if (mask.forms.length === 0) return { masked: piece, held: Buffer.alloc(0) };
  // Latin-1 maps bytes to characters one to one, so that text search works on any bytes.
  const forms = mask.forms.map((form) => Buffer.from(form, 'utf8').toString('latin1'));
  let text = piece.toString('latin1');
  for (const form of forms) if (text.includes(form)) text = text.replaceAll(form, MASK);
  const held = isLast ? 0 : longestTail(text, forms);
  return {
    masked: Buffer.from(text.slice(0, text.length - held), 'latin1'),
    held: Buffer.from(text.slice(text.length - held), 'latin1'),
  };
}
