import { z } from 'zod';
import { operation } from '../operation';

/** `GET /healthz`: asks nothing of storage, so that a probe lets a sleeping database sleep. */
export const getHealth = operation({
  summary: 'Whether the API answers at all.',
  answers: { 200: z.object({ status: z.literal('ok'), version: z.string() }) },
  handle: async (_input, { options }) => ({ status: 200, body: { status: 'ok', version: options.version } }),
});
