/** Puts pushed code of a location in force, or an earlier version of it. */
import { handlerOf, openAwsFunction } from '../../lib/adapters/aws/aws-function';
import { registerCodeLocation } from '../../lib/engine/register-code-location';
import type { RegisterCodeLocationInput } from '../../lib/model/pushed-code-location';

const { instance, settings, log } = openAwsFunction(import.meta.dirname);

export const handler = handlerOf(log, (input: RegisterCodeLocationInput) =>
  registerCodeLocation(instance, settings, input),
);
