import { instanceSchema, loadInstanceView } from '../instance-view';
import { operation } from '../operation';

/** `GET /api/instance` */
export const getInstance = operation({
  summary: 'Whether the instance is paused, and how many runs it has in progress and in the queue.',
  answers: { 200: instanceSchema },
  handle: async (_input, context) => ({ status: 200, body: await loadInstanceView(context) }),
});
