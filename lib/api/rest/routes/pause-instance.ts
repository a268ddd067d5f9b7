import { z } from 'zod';
import { pauseInstance as pause } from '../../../engine/pause-instance';
import { requireEverywhere } from '../../guard';
import { instanceSchema, loadInstanceView, pauseScopeSchema } from '../instance-view';
import { operation } from '../operation';
import { named } from '../schemas';

const bodySchema = z
  .strictObject({ scope: pauseScopeSchema.default('all') })
  .register(named, { id: 'PauseInstance' });

/** `POST /api/instance/pause` */
export const pauseInstance = operation({
  summary: 'Pause the instance.',
  description:
    'Runs in progress go on. It stays paused until it is resumed, through deployments and restarts.',
  body: bodySchema.prefault({}),
  answers: { 200: instanceSchema },
  async handle({ body }, context) {
    requireEverywhere(context, 'admin', 'pausing it');
    await pause(context.instance, context.options.engine, { scope: body.scope, by: context.identity.user });
    return { status: 200, body: await loadInstanceView(context) };
  },
});
