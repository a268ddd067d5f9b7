import { builder, byTypename, tag } from '../../builder';
import { InstigationStateNotFoundError, orError, PythonError } from '../errors';
import { InstigationState, stateValue } from './instigation-state';
import { scheduleValue, sensorValue } from './instigator';

export const InstigationSelector = builder.inputType('InstigationSelector', {
  fields: (t) => ({
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
    name: t.string({ required: true }),
  }),
});

const InstigationStateOrError = builder.unionType('InstigationStateOrError', {
  types: [InstigationState, InstigationStateNotFoundError, PythonError],
  resolveType: byTypename,
});

builder.queryField('instigationStateOrError', (t) =>
  t.field({
    type: InstigationStateOrError,
    args: { instigationSelector: t.arg({ type: InstigationSelector, required: true }), id: t.arg.string() },
    resolve: (_root, { instigationSelector: { repositoryLocationName: location, name } }, { workspace }) =>
      orError(() => {
        const found =
          scheduleValue(location, workspace.schedule(location, name)) ??
          sensorValue(location, workspace.sensor(location, name));
        return found === undefined
          ? tag('InstigationStateNotFoundError', {
              name,
              message: `There is no schedule or sensor '${name}' in code location '${location}'.`,
            })
          : stateValue(found);
      }),
  }),
);
