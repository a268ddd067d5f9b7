/** Custom resource: uploads the dashboard, which lies beside this program; empties its bucket when it goes. */
import { join } from 'node:path';
import { handlerOf } from '../../lib/adapters/aws/aws-function';
import { createS3Client } from '../../lib/adapters/aws/bucket-store';
import type { CustomResourceAnswer, CustomResourceEvent } from '../../lib/adapters/aws/custom-resource';
import { emptyDashboard, publishDashboard } from '../../lib/adapters/aws/dashboard-bucket';
import { createFunctionLog } from '../../lib/adapters/aws/function-log';
import { systemClock } from '../../lib/adapters/system/system-clock';

interface Properties {
  readonly bucket: string;
  /** The text of `config.json`. */
  readonly config: string;
}

const client = createS3Client();
const log = createFunctionLog({ instance: '', now: systemClock.now });
const directory = join(import.meta.dirname, 'dashboard');

export const handler = handlerOf(log, async (event: CustomResourceEvent): Promise<CustomResourceAnswer> => {
  const { bucket, config } = event.ResourceProperties as unknown as Properties;
  // Another bucket is another resource: CloudFormation then lets the former be emptied.
  const answer = { PhysicalResourceId: `dashboard-${bucket}` };
  if (event.RequestType === 'Delete') {
    await emptyDashboard(client, bucket);
    return answer;
  }
  const published = await publishDashboard(client, { bucket, directory, config }, systemClock.now());
  log.info('The dashboard is published', published);
  return answer;
});
