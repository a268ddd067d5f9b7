import type { ConfigError } from '../../../model/code-location';
import { builder, type Tagged } from '../../builder';

const EvaluationErrorReason = builder.enumType('EvaluationErrorReason', {
  values: [
    'RUNTIME_TYPE_MISMATCH',
    'MISSING_REQUIRED_FIELD',
    'MISSING_REQUIRED_FIELDS',
    'FIELD_NOT_DEFINED',
    'FIELDS_NOT_DEFINED',
    'SELECTOR_FIELD_ERROR',
  ] as const,
});

const PathEntry = builder.objectRef<string>('EvaluationStackPathEntry');
PathEntry.implement({ fields: (t) => ({ fieldName: t.string({ resolve: (name) => name }) }) });

const ListItemEntry = builder.objectRef<number>('EvaluationStackListItemEntry');
ListItemEntry.implement({ fields: (t) => ({ listIndex: t.int({ resolve: (index) => index }) }) });

/** Never answered: a map has fields like any object. Clients spread on them. */
const mapEntry = (name: 'EvaluationStackMapKeyEntry' | 'EvaluationStackMapValueEntry') => {
  const ref = builder.objectRef<never>(name);
  ref.implement({ fields: (t) => ({ mapKey: t.field({ type: 'GenericScalar', resolve: () => null }) }) });
  return ref;
};
const MapKeyEntry = mapEntry('EvaluationStackMapKeyEntry');
const MapValueEntry = mapEntry('EvaluationStackMapValueEntry');

const EvaluationStackEntry = builder.unionType('EvaluationStackEntry', {
  types: [PathEntry, ListItemEntry, MapKeyEntry, MapValueEntry],
  resolveType: (entry) =>
    typeof entry === 'number' ? 'EvaluationStackListItemEntry' : 'EvaluationStackPathEntry',
});

/** Where in a config something is wrong, from its root. */
const EvaluationStack = builder.objectRef<ConfigError['path']>('EvaluationStack');
EvaluationStack.implement({
  fields: (t) => ({ entries: t.field({ type: [EvaluationStackEntry], resolve: (path) => [...path] }) }),
});

const PipelineConfigValidationError = builder
  .interfaceRef<ConfigError>('PipelineConfigValidationError')
  .implement({
    resolveType: () => 'RuntimeMismatchConfigError',
    fields: (t) => ({
      message: t.exposeString('message'),
      path: t.stringList({ resolve: ({ path }) => path.map(String) }),
      stack: t.field({ type: EvaluationStack, resolve: ({ path }) => path }),
      reason: t.field({ type: EvaluationErrorReason, resolve: ({ reason }) => reason }),
    }),
  });

export const RuntimeMismatchConfigError = builder.objectRef<ConfigError>('RuntimeMismatchConfigError');
RuntimeMismatchConfigError.implement({ interfaces: [PipelineConfigValidationError], fields: () => ({}) });

type InvalidConfigValue = Tagged<
  'RunConfigValidationInvalid',
  { readonly pipelineName: string; readonly errors: readonly ConfigError[] }
>;

const PipelineConfigValidationInvalid = builder
  .interfaceRef<InvalidConfigValue>('PipelineConfigValidationInvalid')
  .implement({
    resolveType: () => 'RunConfigValidationInvalid',
    fields: (t) => ({
      pipelineName: t.exposeString('pipelineName'),
      errors: t.field({ type: [PipelineConfigValidationError], resolve: ({ errors }) => [...errors] }),
    }),
  });

export const RunConfigValidationInvalid = builder.objectRef<InvalidConfigValue>('RunConfigValidationInvalid');
RunConfigValidationInvalid.implement({ interfaces: [PipelineConfigValidationInvalid], fields: () => ({}) });
