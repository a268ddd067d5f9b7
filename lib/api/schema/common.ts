import type { AssetCheckKey } from '../../model/asset-check';
import { type AssetKey, fromPath, toPath } from '../../model/asset-key';
import { shownTags, type Tags } from '../../model/tags';
import { builder } from '../builder';

/** Seconds, as Dagster's API speaks of time. */
export const toSeconds = (epochMs: number | null): number | null =>
  epochMs === null ? null : epochMs / 1000;

/** The year 9999, which is as late as anything is planned. */
const LAST_INSTANT = 253_402_300_799_999;

/** Whole epoch milliseconds from the API's seconds: what lies outside of 1970 to 9999 is the nearest instant within. */
export function toMilliseconds(seconds: number): number;
export function toMilliseconds(seconds: number | null | undefined): number | null;
export function toMilliseconds(seconds: number | null | undefined): number | null {
  return seconds == null ? null : Math.min(Math.max(0, Math.round(seconds * 1000)), LAST_INSTANT);
}

export const AssetKeyType = builder.objectRef<{ readonly path: readonly string[] }>('AssetKey');
AssetKeyType.implement({ fields: (t) => ({ path: t.stringList({ resolve: (key) => [...key.path] }) }) });

/** A key in GraphQL's shape. */
export const assetKey = (key: AssetKey): { readonly path: readonly string[] } => ({ path: toPath(key) });

export const AssetKeyInput = builder.inputType('AssetKeyInput', {
  fields: (t) => ({ path: t.stringList({ required: true }) }),
});

/** A key from GraphQL's shape. */
export const fromKeyInput = (input: { readonly path: readonly string[] }): AssetKey => fromPath(input.path);

/** The key of a check; the name is Dagster's. */
export const AssetCheckHandle = builder.objectRef<AssetCheckKey>('AssetCheckhandle');
AssetCheckHandle.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    assetKey: t.field({ type: AssetKeyType, resolve: ({ asset }) => assetKey(asset) }),
  }),
});

export const AssetCheckHandleInput = builder.inputType('AssetCheckHandleInput', {
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyInput, required: true }),
    name: t.string({ required: true }),
  }),
});

interface Pair {
  readonly key: string;
  readonly value: string;
}
const pairType = (name: string) => {
  const ref = builder.objectRef<Pair>(name);
  ref.implement({ fields: (t) => ({ key: t.exposeString('key'), value: t.exposeString('value') }) });
  return ref;
};

export const PipelineTag = pairType('PipelineTag');
export const DefinitionTag = pairType('DefinitionTag');
export const EventTag = pairType('EventTag');
export const RepositoryMetadata = pairType('RepositoryMetadata');

/** Tags as a list, without those that are not for people. */
export function tagPairs(tags: Tags): Pair[] {
  return Object.entries(shownTags(tags)).map(([key, value]) => ({ key, value }));
}

export const ExecutionTag = builder.inputType('ExecutionTag', {
  fields: (t) => ({ key: t.string({ required: true }), value: t.string({ required: true }) }),
});

export const RepositorySelector = builder.inputType('RepositorySelector', {
  fields: (t) => ({
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
  }),
});

const PermissionRef = builder.objectRef<{
  permission: string;
  value: boolean;
  disabledReason: string | null;
}>('Permission');
PermissionRef.implement({
  fields: (t) => ({
    permission: t.exposeString('permission'),
    value: t.exposeBoolean('value'),
    disabledReason: t.exposeString('disabledReason', { nullable: true }),
  }),
});
export const Permission = PermissionRef;
