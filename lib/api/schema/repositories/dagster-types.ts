import { builder, type Tagged, tag } from '../../builder';
import { AssetNode } from '../assets/asset-node';
import { ErrorInterface, PipelineNotFoundError, PythonError } from '../errors';
import { IPipelineSnapshot } from './job';
import { DagsterType, RegularDagsterType, TYPE_NAMES, type TypeName } from './op-definitions';

/* Dagster's types of values, of which there are two here: whatever is passed on is `Any`. */

type NotFound = Tagged<
  'DagsterTypeNotFoundError',
  { readonly dagsterTypeName: string; readonly message: string }
>;
const DagsterTypeNotFoundError = builder.objectRef<NotFound>('DagsterTypeNotFoundError');
DagsterTypeNotFoundError.implement({
  interfaces: [ErrorInterface],
  fields: (t) => ({ dagsterTypeName: t.exposeString('dagsterTypeName') }),
});
const DagsterTypeOrError = builder.unionType('DagsterTypeOrError', {
  types: [RegularDagsterType, PipelineNotFoundError, DagsterTypeNotFoundError, PythonError] as never,
  resolveType: (value: TypeName | NotFound) =>
    typeof value === 'string' ? 'RegularDagsterType' : value.__typename,
});

builder.interfaceFields(IPipelineSnapshot, (t) => ({
  dagsterTypes: t.field({ type: [DagsterType], resolve: (): TypeName[] => [...TYPE_NAMES] }),
  dagsterTypeOrError: t.field({
    type: DagsterTypeOrError,
    args: { dagsterTypeName: t.arg.string({ required: true }) },
    resolve: (_job, { dagsterTypeName: name }) =>
      (TYPE_NAMES.find((each) => each === name) ??
        tag('DagsterTypeNotFoundError', {
          dagsterTypeName: name,
          message: `There is no type '${name}': values are of type Any, and what only orders is Nothing.`,
        })) as never,
  }),
}));

builder.objectField(AssetNode, 'type', (t) =>
  t.field({
    type: DagsterType,
    nullable: true,
    description: 'Of its value: whatever its op returns. Null of an asset that is not made here.',
    resolve: ({ definition }): TypeName | null => (definition.op === null ? null : 'Any'),
  }),
);
