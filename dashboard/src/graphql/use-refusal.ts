import { permissionsDocument } from './permissions.graphql';
import { useLiveQuery } from './use-live-query';

/** The permissions that pages ask for; the API's names. */
export type PermissionName =
  | 'launch_pipeline_execution'
  | 'reload_repository_location'
  | 'reload_workspace'
  | 'edit_concurrency_limit';

export interface KnownRefusal {
  readonly isKnown: boolean;
  /** `needs the role editor`; undefined when the reader may, or while it is not known. */
  readonly refusal: string | undefined;
}

/**
 * Why the reader may not do something: what a disabled control says.
 *
 * @param location where it would be done; default: what is about no location, or about any
 */
export function useKnownRefusal(permission: PermissionName, location?: string): KnownRefusal {
  const { data } = useLiveQuery(permissionsDocument, {}, { interval: false, select: (answer) => answer });
  const { locationStatusesOrError: found } = data ?? {};
  const here =
    found?.__typename === 'WorkspaceLocationStatusEntries'
      ? found.entries.find(({ name }) => name === location)?.permissions
      : undefined;
  const granted = (here ?? data?.permissions)?.find((each) => each.permission === permission);
  const isRefused = granted !== undefined && !granted.value;
  return {
    isKnown: data !== undefined,
    refusal: isRefused ? (granted.disabledReason ?? 'is not for your role') : undefined,
  };
}

/** See `useKnownRefusal`. */
export const useRefusal = (permission: PermissionName, location?: string): string | undefined =>
  useKnownRefusal(permission, location).refusal;
