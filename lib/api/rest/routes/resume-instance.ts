import { resumeInstance as resume } from '../../../engine/pause-instance';
import { requireEverywhere } from '../../guard';
import { instanceSchema, loadInstanceView } from '../instance-view';
import { operation } from '../operation';

/** `POST /api/instance/resume` */
export const resumeInstance = operation({
  summary: 'End a pause of the instance.',
  description: 'Queued runs start; schedules catch up as `schedules.max_catchup_runs` allows.',
  answers: { 200: instanceSchema },
  async handle(_input, context) {
    requireEverywhere(context, 'admin', 'resuming it');
    await resume(context.instance, context.options.engine);
    return { status: 200, body: await loadInstanceView(context) };
  },
});
