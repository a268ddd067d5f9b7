/** A code location whose sensors take events. */
import {
  asset,
  define,
  defineAssetJob,
  objectCreated,
  queueMessage,
  runRequest,
  secret,
  sensor,
  webhook,
} from 'headrace';

const orders = asset({ key: 'orders', run: () => undefined });
const load = defineAssetJob({ name: 'load', select: orders });
const taking = (name: string, on: ReturnType<typeof objectCreated>) =>
  sensor({
    name,
    job: load,
    on,
    defaultStatus: 'RUNNING',
    evaluate: ({ event }) =>
      runRequest({ runKey: event.id, tags: { by: name, body: JSON.stringify(event.body) } }),
  });

export const definitions = define({
  assets: [orders],
  jobs: [load],
  sensors: [
    taking('hooks', webhook({ secret: secret('VAULT_KEY') }) as never),
    taking('messages', queueMessage() as never),
    taking('landed', objectCreated({ bucket: 'landing', prefix: 'in/' })),
  ],
});
