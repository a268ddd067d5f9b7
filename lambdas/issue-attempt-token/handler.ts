/** The first state of an attempt's execution: makes its secret. */
import { handlerOf, openStorageFunction } from '../../lib/adapters/aws/aws-function';
import type { IssuedToken, IssueTokenInput } from '../../lib/model/execution-input';

const { storage, log } = openStorageFunction();

export const handler = handlerOf(
  log,
  async ({ runId, attempt }: IssueTokenInput): Promise<IssuedToken> => ({
    attemptToken: await storage.issueAttemptToken(runId, attempt),
  }),
);
