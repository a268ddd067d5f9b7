import { useLiveQuery } from '../../graphql/use-live-query';
import { deploymentRoleDocument } from './deployment.graphql';

/** Needs the role admin, as everything that is for admins only. */
const adminPermission = 'edit_concurrency_limit';

/** What is known of the reader's being an admin. */
export interface AdminRole {
  readonly isKnown: boolean;
  /** Why the reader may not do what is for admins; undefined when they may, or while it is not known. */
  readonly refusal: string | undefined;
}

export function useAdminRole(): AdminRole {
  const { data } = useLiveQuery(
    deploymentRoleDocument,
    {},
    { interval: false, select: ({ permissions }) => permissions },
  );
  const found = data?.find(({ permission }) => permission === adminPermission);
  const isRefused = found !== undefined && !found.value;
  return {
    isKnown: data !== undefined,
    refusal: isRefused ? (found.disabledReason ?? 'is for admins') : undefined,
  };
}

export const useAdminRefusal = (): string | undefined => useAdminRole().refusal;
