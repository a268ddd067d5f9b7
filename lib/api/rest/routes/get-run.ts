import { operation, param } from '../operation';
import { loadRunView } from '../run-view';
import { runSchema } from '../schemas';

/** `GET /api/runs/{id}` */
export const getRun = operation({
  summary: 'One run.',
  answers: { 200: runSchema },
  handle: async (input, context) => ({ status: 200, body: await loadRunView(param(input, 'id'), context) }),
});
