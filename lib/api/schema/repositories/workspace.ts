import type { CodeLocation } from '../../../model/code-location';
import { mayActAt, mayActEverywhere } from '../../access';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { type Identity, mayAct } from '../../identity';
import { Permission, RepositoryMetadata } from '../common';
import { PythonError } from '../errors';

import { RepositoryLocation } from './repository-value';

const LoadStatus = builder.enumType('RepositoryLocationLoadStatus', {
  values: ['LOADING', 'LOADED'] as const,
});
const RepositoryLocationOrLoadError = builder.unionType('RepositoryLocationOrLoadError', {
  types: [RepositoryLocation, PythonError],
  resolveType: byTypename,
});

export type LocationEntryValue = Tagged<'WorkspaceLocationEntry', { readonly location: CodeLocation }>;
export const locationEntry = (location: CodeLocation): LocationEntryValue =>
  tag('WorkspaceLocationEntry', { location });
const versionKey = (location: CodeLocation): string => location.bundleHash ?? '';

export const WorkspaceLocationEntry = builder.objectRef<LocationEntryValue>('WorkspaceLocationEntry');
WorkspaceLocationEntry.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ location }) => location.name }),
    name: t.string({ resolve: ({ location }) => location.name }),
    loadStatus: t.field({ type: LoadStatus, resolve: ({ location }) => location.status }),
    locationOrLoadError: t.field({
      type: RepositoryLocationOrLoadError,
      nullable: true,
      resolve: ({ location }) => {
        if (location.error !== null) return tag('PythonError', location.error);
        return location.manifest === null ? null : tag('RepositoryLocation', { location });
      },
    }),
    lastGoodLocation: t.field({
      type: RepositoryLocation,
      nullable: true,
      description: 'What is served while the newest code does not load.',
      resolve: ({ location }) =>
        location.manifest === null ? null : tag('RepositoryLocation', { location }),
    }),
    displayMetadata: t.field({
      type: [RepositoryMetadata],
      resolve: ({ location }) =>
        location.bundleHash === null ? [] : [{ key: 'bundle', value: location.bundleHash }],
    }),
    updatedTimestamp: t.float({ resolve: ({ location }) => location.updatedAt / 1000 }),
    versionKey: t.string({ resolve: ({ location }) => versionKey(location) }),
    permissions: t.field({
      type: [Permission],
      resolve: ({ location }, _args, { identity }) => permissionsOf(identity, location.name),
    }),
  }),
});

/** Dagster's permission names and the role that each needs here. */
const PERMISSIONS = {
  launch_pipeline_execution: 'launcher',
  launch_pipeline_reexecution: 'launcher',
  terminate_pipeline_execution: 'launcher',
  start_schedule: 'editor',
  stop_running_schedule: 'editor',
  edit_sensor: 'editor',
  update_sensor_cursor: 'editor',
  delete_pipeline_run: 'editor',
  wipe_assets: 'editor',
  report_runless_asset_events: 'editor',
  edit_dynamic_partitions: 'editor',
  launch_partition_backfill: 'launcher',
  reload_repository_location: 'editor',
  reload_workspace: 'editor',
  edit_concurrency_limit: 'admin',
} as const;

/** Permissions that no role in a code location gives. */
const DEPLOYMENT_WIDE: ReadonlySet<string> = new Set(['edit_concurrency_limit']);

/** @param location null = anywhere */
function permissionsOf(identity: Identity, location: string | null) {
  return Object.entries(PERMISSIONS).map(([permission, needed]) => {
    const anywhere = DEPLOYMENT_WIDE.has(permission)
      ? mayActEverywhere(identity, needed)
      : mayAct(identity.role, needed);
    const value = anywhere && (location === null || mayActAt(identity, location, needed));
    return { permission, value, disabledReason: value ? null : `needs the role ${needed}` };
  });
}

const Workspace = builder.objectRef<Tagged<'Workspace', object>>('Workspace');
Workspace.implement({
  fields: (t) => ({
    id: t.string({ resolve: () => 'workspace' }),
    locationEntries: t.field({
      type: [WorkspaceLocationEntry],
      resolve: (_workspace, _args, { workspace }) => workspace.locations.map(locationEntry),
    }),
  }),
});
export const WorkspaceType = Workspace;
const WorkspaceOrError = builder.unionType('WorkspaceOrError', {
  types: [Workspace, PythonError],
  resolveType: byTypename,
});
const WorkspaceLocationEntryOrError = builder.unionType('WorkspaceLocationEntryOrError', {
  types: [WorkspaceLocationEntry, PythonError],
  resolveType: byTypename,
});

const StatusEntry = builder.objectRef<CodeLocation>('WorkspaceLocationStatusEntry');
StatusEntry.implement({
  fields: (t) => ({
    id: t.id({ resolve: (location) => location.name }),
    name: t.exposeString('name'),
    loadStatus: t.field({ type: LoadStatus, resolve: (location) => location.status }),
    updateTimestamp: t.float({ resolve: (location) => location.updatedAt / 1000 }),
    versionKey: t.string({ resolve: versionKey }),
    permissions: t.field({
      type: [Permission],
      resolve: ({ name }, _args, { identity }) => permissionsOf(identity, name),
    }),
  }),
});
const StatusEntries = builder.objectRef<Tagged<'WorkspaceLocationStatusEntries', object>>(
  'WorkspaceLocationStatusEntries',
);
StatusEntries.implement({
  fields: (t) => ({
    entries: t.field({
      type: [StatusEntry],
      resolve: (_e, _args, { workspace }) => [...workspace.locations],
    }),
  }),
});
const StatusEntriesOrError = builder.unionType('WorkspaceLocationStatusEntriesOrError', {
  types: [StatusEntries, PythonError],
  resolveType: byTypename,
});

builder.queryFields((t) => ({
  version: t.string({ resolve: (_root, _args, { options }) => options.version }),
  permissions: t.field({
    type: [Permission],
    resolve: (_root, _args, { identity }) => permissionsOf(identity, null),
  }),
  workspaceOrError: t.field({ type: WorkspaceOrError, resolve: () => tag('Workspace', {}) }),
  workspaceLocationEntryOrError: t.field({
    type: WorkspaceLocationEntryOrError,
    nullable: true,
    args: { name: t.arg.string({ required: true }) },
    resolve: (_root, { name }, { workspace }) => {
      const location = workspace.location(name);
      return location === undefined ? null : locationEntry(location);
    },
  }),
  locationStatusesOrError: t.field({
    type: StatusEntriesOrError,
    resolve: () => tag('WorkspaceLocationStatusEntries', {}),
  }),
}));
