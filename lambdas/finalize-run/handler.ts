/** The last state of an attempt's execution. */
import { handlerOf, openAwsFunction } from '../../lib/adapters/aws/aws-function';
import { finalizeRun } from '../../lib/engine/finalize-run';
import type { FinalizeInput } from '../../lib/model/execution-input';

const { instance, settings, log } = openAwsFunction(import.meta.dirname);

export const handler = handlerOf(log, (input: FinalizeInput) => finalizeRun(instance, settings, input));
