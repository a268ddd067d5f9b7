import { errorSummary, type SerializableError, toSerializableError } from '../../model/serializable-error';
import { builder, type Tagged, tag } from '../builder';
import { ClientFacingError } from '../client-facing-error';

/** Every typed error answers `message`: clients spread on this. */
export const ErrorInterface = builder.interfaceRef<{ readonly message: string }>('Error').implement({
  fields: (t) => ({ message: t.exposeString('message') }),
});

export type PythonErrorValue = Tagged<'PythonError', SerializableError>;

/** What went wrong in user code or in the system; the name is Dagster's, the language is not. */
export const PythonError = builder.objectRef<PythonErrorValue>('PythonError');
PythonError.implement({
  interfaces: [ErrorInterface],
  fields: (t) => ({
    message: t.string({ resolve: (error) => errorSummary(error) }),
    className: t.string({ nullable: true, resolve: (error) => error.name }),
    stack: t.stringList({ resolve: (error) => stackLines(error) }),
    cause: t.field({ type: PythonError, nullable: true, resolve: (error) => causes(error)[0] ?? null }),
    causes: t.field({ type: [PythonError], resolve: (error) => causes(error) }),
    errorChain: t.field({
      type: [ErrorChainLink],
      resolve: (error) => causes(error).map((cause) => ({ message: errorSummary(cause), error: cause })),
    }),
  }),
});

const ErrorChainLink = builder.objectRef<{ message: string; error: PythonErrorValue }>('ErrorChainLink');
ErrorChainLink.implement({
  interfaces: [ErrorInterface],
  fields: (t) => ({
    error: t.expose('error', { type: PythonError }),
    isExplicitLink: t.boolean({ resolve: () => true }),
  }),
});

function stackLines(error: SerializableError): string[] {
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
}

function causes(error: SerializableError): PythonErrorValue[] {
  return error.cause === undefined ? [] : [tag('PythonError', error.cause), ...causes(error.cause)];
}

/** Any error as the `PythonError` member of a union. */
export function pythonError(error: unknown): PythonErrorValue {
  return tag('PythonError', toSerializableError(error));
}

/** Names that clients written before Dagster's runs and jobs spread on. */
const PipelineRunConflict = builder
  .interfaceRef<NamedErrorValue>('PipelineRunConflict')
  .implement({ resolveType: () => 'RunConflict', fields: (t) => ({ message: t.exposeString('message') }) });
const PipelineRunNotFoundError = builder.interfaceRef<NamedErrorValue>('PipelineRunNotFoundError').implement({
  resolveType: () => 'RunNotFoundError',
  fields: (t) => ({
    message: t.exposeString('message'),
    runId: t.string({ resolve: (value) => (value as unknown as { readonly runId: string }).runId }),
  }),
});

/** A typed error that says nothing but its message and, for some, the name of what was not found. */
export interface NamedErrorValue {
  readonly message: string;
}

function namedError<N extends string, F extends Record<string, string>>(
  name: N,
  fields?: F,
  olderName?: typeof PipelineRunConflict,
) {
  type Value = Tagged<N, NamedErrorValue & { readonly [K in keyof F]: string | null }>;
  const ref = builder.objectRef<Value>(name);
  ref.implement({
    interfaces: olderName === undefined ? [ErrorInterface] : [ErrorInterface, olderName],
    fields: (t) =>
      Object.fromEntries(
        Object.keys(fields ?? {}).map((field) => [
          field,
          t.string({
            nullable: fields?.[field] === 'nullable',
            resolve: (value) => (value as Record<string, string | null>)[field] ?? (null as never),
          }),
        ]),
      ),
  });
  return ref;
}

export const UnauthorizedError = namedError('UnauthorizedError');
export const RunNotFoundError = namedError(
  'RunNotFoundError',
  { runId: 'required' },
  PipelineRunNotFoundError,
);
export const PipelineNotFoundError = namedError('PipelineNotFoundError', {
  pipelineName: 'required',
  repositoryName: 'required',
  repositoryLocationName: 'required',
});
export const RepositoryNotFoundError = namedError('RepositoryNotFoundError', {
  repositoryName: 'required',
  repositoryLocationName: 'required',
});
export const PipelineSnapshotNotFoundError = namedError('PipelineSnapshotNotFoundError', {
  snapshotId: 'required',
});
export const GraphNotFoundError = namedError('GraphNotFoundError', {
  graphName: 'required',
  repositoryName: 'required',
  repositoryLocationName: 'required',
});
export const ResourceNotFoundError = namedError('ResourceNotFoundError', { resourceName: 'required' });
export const PartitionSetNotFoundError = namedError('PartitionSetNotFoundError', {
  partitionSetName: 'required',
});
export const AssetCheckNotFoundError = namedError('AssetCheckNotFoundError');
export const AssetNotFoundError = namedError('AssetNotFoundError');
export const ScheduleNotFoundError = namedError('ScheduleNotFoundError', { scheduleName: 'required' });
export const SensorNotFoundError = namedError('SensorNotFoundError', { sensorName: 'required' });
export const InstigationStateNotFoundError = namedError('InstigationStateNotFoundError', {
  name: 'required',
});
export const InvalidSubsetError = namedError('InvalidSubsetError');
export const InvalidStepError = namedError('InvalidStepError', { invalidStepKey: 'required' });
export const RunConflict = namedError('RunConflict', {}, PipelineRunConflict);
export const ConflictingExecutionParamsError = namedError('ConflictingExecutionParamsError');
export const PresetNotFoundError = namedError('PresetNotFoundError', { preset: 'required' });
/** Never answered: a run that is launched names no outputs. Clients spread on it. */
export const InvalidOutputError = namedError('InvalidOutputError', {
  stepKey: 'required',
  invalidOutputName: 'required',
});
export const RepositoryLocationNotFound = namedError('RepositoryLocationNotFound');
export const ReloadNotSupported = namedError('ReloadNotSupported');
export const InvalidPipelineRunsFilterError = namedError('InvalidPipelineRunsFilterError');
export const PartitionKeysNotFoundError = builder.objectRef<
  Tagged<'PartitionKeysNotFoundError', NamedErrorValue & { readonly partitionKeys: readonly string[] }>
>('PartitionKeysNotFoundError');
PartitionKeysNotFoundError.implement({
  interfaces: [ErrorInterface],
  fields: (t) => ({ partitionKeys: t.stringList({ resolve: ({ partitionKeys }) => [...partitionKeys] }) }),
});
export const DuplicateDynamicPartitionError = namedError('DuplicateDynamicPartitionError', {
  partitionsDefName: 'required',
  partitionName: 'required',
});

/** Runs a resolver; what it throws becomes a member of the union instead of a failed query. */
export async function orError<T>(resolve: () => Promise<T> | T): Promise<T | PythonErrorValue> {
  try {
    return await resolve();
  } catch (error) {
    if (error instanceof ClientFacingError) throw error;
    return pythonError(error);
  }
}
