import type { JsonObject } from '../../../model/json';
import { builder, tag } from '../../builder';
import { ClientFacingError } from '../../client-facing-error';
import { AssetCheckHandleInput, AssetKeyInput, ExecutionTag } from '../common';

/** The Python client says `pipelineName`, the documentation `jobName`: either is taken. */
const JobOrPipelineSelector = builder.inputType('JobOrPipelineSelector', {
  fields: (t) => ({
    pipelineName: t.string(),
    jobName: t.string(),
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
    solidSelection: t.stringList(),
    assetSelection: t.field({ type: [AssetKeyInput] }),
    assetCheckSelection: t.field({ type: [AssetCheckHandleInput] }),
  }),
});

const ExecutionMetadata = builder.inputType('ExecutionMetadata', {
  fields: (t) => ({
    tags: t.field({ type: [ExecutionTag] }),
    rootRunId: t.string(),
    parentRunId: t.string(),
  }),
});

export const ExecutionParams = builder.inputType('ExecutionParams', {
  fields: (t) => ({
    selector: t.field({ type: JobOrPipelineSelector, required: true }),
    runConfigData: t.field({ type: 'RunConfigData' }),
    mode: t.string(),
    executionMetadata: t.field({ type: ExecutionMetadata }),
    stepKeys: t.stringList(),
    preset: t.string(),
  }),
});

/** Config comes as an object, or as its JSON in a string. */
export function parseConfig(data: JsonObject | string | null | undefined): JsonObject | null {
  if (data === null || data === undefined) return null;
  if (typeof data !== 'string') return data;
  if (data.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (error) {
    throw new ClientFacingError(`runConfigData is not JSON: ${(error as Error).message}`, { cause: error });
  }
  throw new ClientFacingError(`runConfigData must be an object, not ${data.slice(0, 80)}`);
}

/** Tags from GraphQL's list. */
export const toTags = (
  pairs: readonly { readonly key: string; readonly value: string }[] | null | undefined,
): Record<string, string> => Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, value]));

/** Presets are gone from Dagster too; a client that still names one must not get a run without it. */
export function refusePreset({ preset, runConfigData }: typeof ExecutionParams.$inferInput) {
  if (!preset) return null;
  return runConfigData
    ? tag('ConflictingExecutionParamsError', {
        message: `Say either preset '${preset}' or runConfigData, not both.`,
      })
    : tag('PresetNotFoundError', {
        preset,
        message: `There is no preset '${preset}': give its config as runConfigData.`,
      });
}
