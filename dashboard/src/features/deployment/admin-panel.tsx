import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import type { ApiError } from '../../graphql/api-error';

/** What only admins see: others get the reason, which trying again does not change. */
export function AdminPanel<Data>({
  query,
  what,
  refusal,
  children,
}: {
  readonly query: UseQueryResult<Data, ApiError>;
  /** "Tokens" */
  readonly what: string;
  /** Why the reader may not see it, where that is known before it is asked for. */
  readonly refusal: string | undefined;
  readonly children: (data: Data) => ReactNode;
}) {
  const reason =
    query.error?.kind === 'unauthorized'
      ? query.error.message
      : refusal && `This ${refusal}. Ask an admin of this deployment.`;
  if (reason) {
    return (
      <EmptyState icon="user" title={`${what} are for admins`}>
        {reason}
      </EmptyState>
    );
  }
  return (
    <QueryPanel query={query} title={`${what} could not be loaded`}>
      {children}
    </QueryPanel>
  );
}
