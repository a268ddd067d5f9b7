import { builder, byTypename, type Tagged, tag } from '../../builder';
import { ClientFacingError } from '../../client-facing-error';
import { orError, PythonError } from '../errors';
import { SchedulerNotDefinedError } from '../never-answered';
import { InstigationState, stateValue } from './instigation-state';
import { InstigationTick } from './instigation-tick';
import { instigatorId } from './instigator';

builder.objectField(InstigationState, 'tick', (t) =>
  t.field({
    type: InstigationTick,
    args: { tickId: t.arg.id({ required: true }) },
    resolve: async ({ instigator }, { tickId }, { instance }) => {
      const id = Number(tickId);
      const [tick] = Number.isSafeInteger(id)
        ? await instance.storage.listTicks({ instigator: instigatorId(instigator), before: id + 1, limit: 1 })
        : [];
      if (tick?.tickId !== id)
        throw new ClientFacingError(
          `'${instigator.definition.name}' has no tick ${tickId}; ticks are not kept for ever.`,
        );
      return tick;
    },
  }),
);

type StatesValue = Tagged<
  'InstigationStates',
  { readonly results: readonly ReturnType<typeof stateValue>[] }
>;
const InstigationStates = builder.objectRef<StatesValue>('InstigationStates');
InstigationStates.implement({
  fields: (t) => ({ results: t.field({ type: [InstigationState], resolve: ({ results }) => [...results] }) }),
});
const InstigationStatesOrError = builder.unionType('InstigationStatesOrError', {
  types: [InstigationStates, PythonError],
  resolveType: byTypename,
});

const Scheduler = builder.objectRef<Tagged<'Scheduler', object>>('Scheduler');
Scheduler.implement({
  fields: (t) => ({ schedulerClass: t.string({ nullable: true, resolve: () => 'Scheduler' }) }),
});
const SchedulerOrError = builder.unionType('SchedulerOrError', {
  types: [Scheduler, SchedulerNotDefinedError, PythonError],
  resolveType: byTypename,
});

builder.queryFields((t) => ({
  instigationStatesOrError: t.field({
    type: InstigationStatesOrError,
    description: 'Of every schedule and sensor of a repository, by its id.',
    args: { repositoryID: t.arg.string({ required: true }) },
    resolve: (_root, { repositoryID: location }, { workspace }) =>
      orError(() => {
        const manifest = workspace.location(location)?.manifest;
        const schedules = manifest?.schedules ?? [];
        const sensors = manifest?.sensors ?? [];
        return tag('InstigationStates', {
          results: [
            ...schedules.map((definition) => stateValue({ kind: 'schedule', location, definition })),
            ...sensors.map((definition) => stateValue({ kind: 'sensor', location, definition })),
          ],
        });
      }),
  }),
  scheduler: t.field({
    type: SchedulerOrError,
    description: 'Schedules always have one.',
    resolve: () => tag('Scheduler', {}),
  }),
}));
