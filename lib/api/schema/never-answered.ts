import { builder } from '../builder';
import { ErrorInterface } from './errors';

/**
 * Members of Dagster's unions that nothing here answers, because what they complain of cannot happen: there are no modes,
 * no older storage and no older code to serve. Clients spread on them, and a query that names an unknown type is refused.
 */
function neverAnswered(name: string, fields: readonly string[] = []) {
  const ref = builder.objectRef<{ readonly __typename: string; readonly message: string }>(name);
  ref.implement({
    interfaces: [ErrorInterface],
    fields: (t) => Object.fromEntries(fields.map((field) => [field, t.string({ resolve: () => '' })])),
  });
  return ref;
}

export const NoModeProvidedError = neverAnswered('NoModeProvidedError', ['pipelineName']);
export const ModeNotFoundError = neverAnswered('ModeNotFoundError', ['mode']);
export const SchedulerNotDefinedError = neverAnswered('SchedulerNotDefinedError');
export const UnsupportedOperationError = neverAnswered('UnsupportedOperationError');
export const AssetCheckNeedsMigrationError = neverAnswered('AssetCheckNeedsMigrationError');
export const AssetCheckNeedsUserCodeUpgrade = neverAnswered('AssetCheckNeedsUserCodeUpgrade');
export const AssetCheckNeedsAgentUpgradeError = neverAnswered('AssetCheckNeedsAgentUpgradeError');
