import { stringify } from 'yaml';
import { RunConfigError } from '../../engine/errors';
import { findJob, findLocation } from '../../engine/find-definitions';
import { validateRunConfig } from '../../engine/validate-run-config';
import type { ApiContext } from '../api-context';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { ConfigType, configType, typesWithin } from './config-types';
import { InvalidSubsetError, orError, PipelineNotFoundError, PythonError } from './errors';
import { RunConfigValidationInvalid } from './launch/config-validation';
import { parseConfig } from './launch/execution-params';
import { ModeNotFoundError } from './never-answered';
import type { JobValue } from './repositories/graph';
import { PipelineSelector, pipelineNotFound } from './repositories/job';

const PipelineConfigValidationValid = builder.objectRef<
  Tagged<'PipelineConfigValidationValid', { readonly pipelineName: string }>
>('PipelineConfigValidationValid');
PipelineConfigValidationValid.implement({
  fields: (t) => ({ pipelineName: t.exposeString('pipelineName') }),
});

const PipelineConfigValidationResult = builder.unionType('PipelineConfigValidationResult', {
  types: [
    InvalidSubsetError,
    PipelineConfigValidationValid,
    RunConfigValidationInvalid,
    PipelineNotFoundError,
    PythonError,
  ],
  resolveType: byTypename,
});

async function validate({ location, job }: JobValue, data: unknown, { instance }: ApiContext) {
  try {
    const loaded = await findLocation(instance, location);
    await validateRunConfig(
      instance,
      loaded,
      findJob(loaded.manifest, job.name),
      parseConfig(data as string) ?? {},
    );
    return tag('PipelineConfigValidationValid', { pipelineName: job.name });
  } catch (error) {
    if (error instanceof RunConfigError)
      return tag('RunConfigValidationInvalid', { pipelineName: job.name, errors: error.errors });
    throw error;
  }
}

const RunConfigSchema = builder.objectRef<Tagged<'RunConfigSchema', JobValue>>('RunConfigSchema');
RunConfigSchema.implement({
  fields: (t) => ({
    rootDefaultYaml: t.string({
      resolve: ({ job }) => (Object.keys(job.defaultConfig).length === 0 ? '' : stringify(job.defaultConfig)),
    }),
    rootConfigType: t.field({ type: ConfigType, resolve: ({ job }) => configType(job.configSchema) }),
    allConfigTypes: t.field({
      type: [ConfigType],
      resolve: ({ job }) => typesWithin(configType(job.configSchema)),
    }),
    jsonSchema: t.field({
      type: 'GenericScalar',
      description: 'JSON schema of the whole run config.',
      resolve: ({ job }) => job.configSchema,
    }),
    isRunConfigValid: t.field({
      type: PipelineConfigValidationResult,
      args: { runConfigData: t.arg({ type: 'RunConfigData' }) },
      resolve: (schema, { runConfigData }, context) =>
        orError(() => validate(schema, runConfigData, context)) as never,
    }),
  }),
});
const RunConfigSchemaOrError = builder.unionType('RunConfigSchemaOrError', {
  types: [RunConfigSchema, PipelineNotFoundError, InvalidSubsetError, ModeNotFoundError, PythonError],
  resolveType: byTypename,
});

builder.queryFields((t) => ({
  runConfigSchemaOrError: t.field({
    type: RunConfigSchemaOrError,
    args: { selector: t.arg({ type: PipelineSelector, required: true }), mode: t.arg.string() },
    resolve: (_root, { selector: { repositoryLocationName: location, pipelineName } }, { workspace }) => {
      const job = workspace.job(location, pipelineName);
      return job === undefined
        ? pipelineNotFound(location, pipelineName)
        : tag('RunConfigSchema', { location, job });
    },
  }),
  isPipelineConfigValid: t.field({
    type: PipelineConfigValidationResult,
    args: {
      pipeline: t.arg({ type: PipelineSelector, required: true }),
      mode: t.arg.string(),
      runConfigData: t.arg({ type: 'RunConfigData' }),
    },
    resolve: (
      _root,
      { pipeline: { repositoryLocationName: location, pipelineName }, runConfigData },
      context,
    ) => {
      const job = context.workspace.job(location, pipelineName);
      return (
        job === undefined
          ? pipelineNotFound(location, pipelineName)
          : orError(() => validate({ location, job }, runConfigData, context))
      ) as never;
    },
  }),
}));
