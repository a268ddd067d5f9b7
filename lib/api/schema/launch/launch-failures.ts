import { EngineError, PlanError, RunConfigError, RunStateError } from '../../../engine/errors';
import { StepSelectionError } from '../../../model/select-steps';
import { tag } from '../../builder';
import {
  ConflictingExecutionParamsError,
  InvalidOutputError,
  InvalidStepError,
  InvalidSubsetError,
  PipelineNotFoundError,
  PresetNotFoundError,
  PythonError,
  RunConflict,
  UnauthorizedError,
} from '../errors';
import { NoModeProvidedError } from '../never-answered';
import { pipelineNotFound } from '../repositories/job';
import { RunConfigValidationInvalid } from './config-validation';

/** What launching anything may be refused with. */
export const launchFailures = [
  InvalidStepError,
  InvalidOutputError,
  ConflictingExecutionParamsError,
  PresetNotFoundError,
  RunConfigValidationInvalid,
  PipelineNotFoundError,
  RunConflict,
  UnauthorizedError,
  PythonError,
  InvalidSubsetError,
  NoModeProvidedError,
] as const;

/** What the engine refuses, as the typed errors that clients know. */
export async function typedErrors<T>(
  job: { readonly location: string; readonly name: string },
  action: () => Promise<T>,
) {
  try {
    return await action();
  } catch (error) {
    if (error instanceof RunConfigError)
      return tag('RunConfigValidationInvalid', { pipelineName: job.name, errors: error.errors });
    if (error instanceof PlanError) {
      if (
        error.code === 'unknown-job' ||
        error.code === 'unknown-location' ||
        error.code === 'location-not-loaded'
      ) {
        return { ...pipelineNotFound(job.location, job.name), message: error.message };
      }
      if (error.code === 'unknown-step')
        return tag('InvalidStepError', { invalidStepKey: error.subject, message: error.message });
      return tag('InvalidSubsetError', { message: error.message });
    }
    if (error instanceof StepSelectionError) return tag('InvalidSubsetError', { message: error.message });
    if (error instanceof RunStateError) return tag('RunConflict', { message: error.message });
    if (error instanceof EngineError) return tag('InvalidSubsetError', { message: error.message });
    throw error;
  }
}
