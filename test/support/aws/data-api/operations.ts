import type pg from 'pg';
import { ApiError, databaseError, toApiError } from './api-error';
import { bindParameters } from './bind-parameters';
import type { Faults } from './faults';
import { type RawResult, renderResult } from './render-result';
import type { Session, Sessions } from './sessions';
import type { ApiParameter, ApiRequest } from './wire';

/** The work was done, but its answer shall not arrive. */
export class LostReply extends Error {
  override readonly name = 'LostReply';
}

export interface OperationContext {
  readonly sessions: Sessions;
  readonly faults: Faults;
  /** Milliseconds. */
  readonly statementTimeout: number;
}

/** An operation: what its request must hold, and how it answers. */
export interface Operation {
  readonly required: readonly (keyof ApiRequest)[];
  run(request: ApiRequest, context: OperationContext): Promise<string>;
}

const ASK: readonly (keyof ApiRequest)[] = ['resourceArn', 'secretArn'];

/** By the path of the request. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  Execute: {
    required: [...ASK, 'sql'],
    async run(request, context) {
      const body = await context.sessions.withSession(request, async (session, afterwards) => {
        const result = await execute(request, request.parameters, session, context, afterwards);
        return renderResult(session.client, request, result);
      });
      if (context.faults.take('loseExecuteReply', 'lostExecuteReply')) throw new LostReply();
      return body;
    },
  },
  BatchExecute: {
    required: [...ASK, 'sql'],
    async run(request, context) {
      const sets = request.parameterSets?.length ? request.parameterSets : [[]];
      await context.sessions.withSession(request, async (session, afterwards) => {
        const isOwn = request.transactionId === undefined;
        if (isOwn) await session.client.query('begin');
        for (const set of sets) await execute(request, set, session, context, afterwards);
        if (isOwn) await session.client.query('commit');
      });
      return JSON.stringify({ updateResults: sets.map(() => ({ generatedFields: [] })) });
    },
  },
  BeginTransaction: {
    required: ASK,
    run: async (request, { sessions }) => JSON.stringify({ transactionId: await sessions.begin(request) }),
  },
  CommitTransaction: {
    required: [...ASK, 'transactionId'],
    async run(request, { sessions, faults }) {
      if (faults.take('failCommit', 'failedCommit')) {
        sessions.rollback(request);
        throw new ApiError('InternalServerErrorException', 500, 'Not committed.');
      }
      if ((await sessions.commit(request)) === 'ROLLBACK') {
        throw databaseError(
          'ERROR: current transaction is aborted, commands ignored until end of transaction block; SQLState: 25P02',
        );
      }
      if (faults.take('loseCommitReply', 'lostCommitReply')) throw new LostReply();
      return JSON.stringify({ transactionStatus: 'Transaction Committed' });
    },
  },
  RollbackTransaction: {
    required: [...ASK, 'transactionId'],
    async run(request, { sessions }) {
      sessions.rollback(request);
      return JSON.stringify({ transactionStatus: 'Rollback Complete' });
    },
  },
};

const asText = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

/** Runs one statement; a statement that takes too long is canceled, or goes on unheard if the request says so. */
async function execute(
  request: ApiRequest,
  parameters: readonly ApiParameter[] | undefined,
  { client, pool }: Session,
  { statementTimeout }: OperationContext,
  afterwards: (running: Promise<unknown>) => void,
): Promise<RawResult> {
  const { text, values } = bindParameters(request.sql, parameters);
  const running = client.query<(string | null)[]>({
    text,
    values: [...values],
    types: asText,
    rowMode: 'array',
  });
  afterwards(running);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const { processID } = client as pg.PoolClient & { readonly processID?: number };
      if (request.continueAfterTimeout !== true)
        pool.query('select pg_cancel_backend($1)', [processID]).catch(() => undefined);
      reject(
        new ApiError('StatementTimeoutException', 400, 'Request timed out', { dbConnectionId: processID }),
      );
    }, statementTimeout);
  });
  try {
    return await Promise.race([running, timeout]);
  } catch (error) {
    throw toApiError(error);
  } finally {
    clearTimeout(timer);
  }
}
