import { changePoolLimit } from '../../engine/change-pools';
import { builder } from '../builder';
import { ClientFacingError } from '../client-facing-error';
import { requireEverywhere } from '../guard';

/** The most slots that a pool may have, Dagster's ceiling. */
export const MAX_POOL_LIMIT = 1_000;

builder.mutationFields((t) => ({
  setConcurrencyLimit: t.boolean({
    args: { concurrencyKey: t.arg.string({ required: true }), limit: t.arg.int({ required: true }) },
    resolve: async (_root, { concurrencyKey, limit }, context) => {
      requireEverywhere(context, 'admin', "setting a pool's limit");
      if (limit < 0 || limit > MAX_POOL_LIMIT)
        throw new ClientFacingError(`limit ${limit}: a pool has 0 to ${MAX_POOL_LIMIT} slots.`);
      const instance = context.limited({ role: 'admin', writes: true });
      await changePoolLimit(instance, context.options.engine, { pool: concurrencyKey, limit });
      return true;
    },
  }),
  deleteConcurrencyLimit: t.boolean({
    args: { concurrencyKey: t.arg.string({ required: true }) },
    resolve: async (_root, { concurrencyKey }, context) => {
      requireEverywhere(context, 'admin', "removing a pool's limit");
      const instance = context.limited({ role: 'admin', writes: true });
      await changePoolLimit(instance, context.options.engine, { pool: concurrencyKey, limit: null });
      return true;
    },
  }),
}));
