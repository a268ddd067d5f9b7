import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { backfillDetailDocument, backfillTargetsDocument } from './backfills.graphql';
import {
  cancelBackfillDocument,
  pauseBackfillDocument,
  prioritizeBackfillDocument,
  reexecuteBackfillDocument,
  resumeBackfillDocument,
} from './change-backfill.graphql';

export type BackfillChange =
  | { readonly kind: 'cancel' | 'pause' | 'resume' }
  | { readonly kind: 'priority'; readonly priority: number }
  | { readonly kind: 'again'; readonly strategy: 'FROM_FAILURE' | 'ALL_STEPS' };

/** Does it; returns the id of the backfill to look at: a new one for `again`. */
async function apply(backfillId: string, change: BackfillChange): Promise<string> {
  switch (change.kind) {
    case 'cancel': {
      const answer = await request(cancelBackfillDocument, { backfillId });
      return expectType(answer.cancelPartitionBackfill, 'CancelBackfillSuccess').backfillId;
    }
    case 'pause': {
      const answer = await request(pauseBackfillDocument, { backfillId });
      return expectType(answer.pausePartitionBackfill, 'PauseBackfillSuccess').backfillId;
    }
    case 'resume': {
      const answer = await request(resumeBackfillDocument, { backfillId });
      return expectType(answer.resumePartitionBackfill, 'ResumeBackfillSuccess').backfillId;
    }
    case 'priority': {
      const { priority } = change;
      const answer = await request(prioritizeBackfillDocument, { backfillId, priority });
      return expectType(answer.prioritizePartitionBackfill, 'PrioritizeBackfillSuccess').backfillId;
    }
    case 'again': {
      const reexecutionParams = { parentRunId: backfillId, strategy: change.strategy };
      const answer = await request(reexecuteBackfillDocument, { reexecutionParams });
      return expectType(answer.reexecutePartitionBackfill, 'LaunchBackfillSuccess').backfillId;
    }
  }
}

/** Changes a backfill and reads it anew; the result is the id of the backfill to look at. */
export function useChangeBackfill(backfillId: string): UseMutationResult<string, Error, BackfillChange> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change) => apply(backfillId, change),
    onSuccess: async () => {
      await Promise.all(
        [backfillDetailDocument, backfillTargetsDocument].map(({ name }) =>
          client.invalidateQueries({ queryKey: [name] }),
        ),
      );
    },
  });
}
