import { changePoolLimit } from '../../engine/change-pools';
import { builder } from '../builder';
import { ClientFacingError } from '../client-facing-error';
import { requireEverywhere } from '../guard';

builder.mutationFields((t) => ({
  setConcurrencyLimit: t.boolean({
    args: { concurrencyKey: t.arg.string({ required: true }), limit: t.arg.int({ required: true }) },
    resolve: async (_root, { concurrencyKey, limit }, context) => {
      requireEverywhere(context, 'admin', "setting a pool's limit");
      if (limit < 0 || limit > 1_000)
        throw new ClientFacingError(`limit ${limit}: a pool has 0 to 1000 slots.`);
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
