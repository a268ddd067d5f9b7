import { type KnownRefusal, useKnownRefusal } from '../../graphql/use-refusal';

/** What is known of the reader's being an admin: that is who may edit limits. */
export const useAdminRole = (): KnownRefusal => useKnownRefusal('edit_concurrency_limit');

export const useAdminRefusal = (): string | undefined => useAdminRole().refusal;
