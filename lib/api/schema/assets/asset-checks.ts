import type { AssetCheckManifest } from '../../../model/manifest';
import type { CheckRecord } from '../../../ports/asset-storage';
import { builder, byTypename, type Tagged } from '../../builder';
import type { Located } from '../../workspace-index';
import { AssetKeyType, assetKey } from '../common';
import { AssetCheckNotFoundError } from '../errors';
import { AssetCheckEvaluationType } from '../events/asset-check-events';
import {
  AssetCheckNeedsAgentUpgradeError,
  AssetCheckNeedsMigrationError,
  AssetCheckNeedsUserCodeUpgrade,
} from '../never-answered';
import { RunType, runValue } from '../runs/run';

const CheckStatus = builder.enumType('AssetCheckExecutionResolvedStatus', {
  values: ['IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'EXECUTION_FAILED', 'SKIPPED'] as const,
});
export const AssetCheckExecution = builder.objectRef<CheckRecord>('AssetCheckExecution');
AssetCheckExecution.implement({
  fields: (t) => ({
    id: t.string({ resolve: (record) => String(record.storageId) }),
    runId: t.exposeString('runId'),
    status: t.field({ type: CheckStatus, resolve: ({ status }) => status }),
    timestamp: t.float({ resolve: ({ timestamp }) => timestamp / 1000 }),
    evaluation: t.field({
      type: AssetCheckEvaluationType,
      nullable: true,
      resolve: ({ evaluation, timestamp }) => (evaluation === null ? null : { evaluation, timestamp }),
    }),
    partition: t.string({ nullable: true, resolve: ({ evaluation }) => evaluation?.partition ?? null }),
    stepKey: t.string({ nullable: true, resolve: ({ stepKey }) => stepKey ?? null }),
    run: t.field({
      type: RunType,
      nullable: true,
      resolve: async ({ runId }, _args, { loaders }) => {
        const run = await loaders.run.load(runId);
        return run === undefined ? null : runValue(run);
      },
    }),
  }),
});

const CanExecuteIndividually = builder.enumType('AssetCheckCanExecuteIndividually', {
  values: ['CAN_EXECUTE', 'REQUIRES_MATERIALIZATION', 'NEEDS_USER_CODE_UPGRADE'] as const,
});
export const AssetCheck = builder.objectRef<Located<AssetCheckManifest>>('AssetCheck');
AssetCheck.implement({
  fields: (t) => ({
    name: t.string({ resolve: ({ definition }) => definition.name }),
    assetKey: t.field({ type: AssetKeyType, resolve: ({ definition }) => assetKey(definition.asset) }),
    description: t.string({ nullable: true, resolve: ({ definition }) => definition.description }),
    blocking: t.boolean({ resolve: ({ definition }) => definition.blocking }),
    jobNames: t.stringList({
      resolve: ({ location, definition }, _args, { workspace }) => [
        ...workspace.jobsOfAsset(location, definition.asset),
      ],
    }),
    canExecuteIndividually: t.field({
      type: CanExecuteIndividually,
      resolve: ({ location, definition }, _args, { workspace }) =>
        (workspace.op(location, definition.op)?.assets.length ?? 0) === 0
          ? 'CAN_EXECUTE'
          : 'REQUIRES_MATERIALIZATION',
    }),
    executionForLatestMaterialization: t.field({
      type: AssetCheckExecution,
      nullable: true,
      resolve: async ({ definition }, _args, { loaders }) =>
        (await loaders.checks.load(definition.asset)).find(
          (record) => record.check.name === definition.name,
        ) ?? null,
    }),
  }),
});
const AssetChecks =
  builder.objectRef<Tagged<'AssetChecks', { checks: readonly Located<AssetCheckManifest>[] }>>('AssetChecks');
AssetChecks.implement({
  fields: (t) => ({ checks: t.field({ type: [AssetCheck], resolve: ({ checks }) => [...checks] }) }),
});
export const AssetCheckOrError = builder.unionType('AssetCheckOrError', {
  types: [
    AssetCheck,
    AssetCheckNotFoundError,
    AssetCheckNeedsMigrationError,
    AssetCheckNeedsUserCodeUpgrade,
    AssetCheckNeedsAgentUpgradeError,
  ],
  resolveType: (value) => ('__typename' in value ? value.__typename : 'AssetCheck'),
});
export const AssetChecksOrError = builder.unionType('AssetChecksOrError', {
  types: [
    AssetChecks,
    AssetCheckNeedsMigrationError,
    AssetCheckNeedsUserCodeUpgrade,
    AssetCheckNeedsAgentUpgradeError,
  ],
  resolveType: byTypename,
});
