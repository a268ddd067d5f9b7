import { builder } from '../../builder';

/** A resource that an op or an asset cannot do without, by its name. */
export const ResourceRequirement = builder.objectRef<string>('ResourceRequirement');
ResourceRequirement.implement({
  fields: (t) => ({ resourceKey: t.string({ resolve: (name) => name }) }),
});
