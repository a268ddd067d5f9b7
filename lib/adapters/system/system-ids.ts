import { randomBytes, randomUUID } from 'node:crypto';
import type { Ids } from '../../ports/ids';

/** Identifiers and randomness of the machine; secrets come from its cryptographic source. */
export const systemIds: Ids = {
  uuid: () => randomUUID(),
  secret: () => randomBytes(32).toString('hex'),
  random: () => Math.random(),
};
