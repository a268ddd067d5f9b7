import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { ApiError, badRequest, databaseError } from './api-error';
import type { ApiRequest } from './wire';

const CONNECTIONS = 20;
/** As Aurora's sessions are, so that texts of results have the same form. */
const SESSION = '-c timezone=UTC -c datestyle=ISO,MDY -c bytea_output=hex';

export interface SessionOptions {
  readonly databaseUrl: string;
  /** Part of a secret's ARN → `user:password`; a secret that none of them fits is the URL's own user. */
  readonly roles: Readonly<Record<string, string>>;
  /** What a secret holds, as AWS reads it; undefined = the URL's own user. */
  readSecret?(secretArn: string): Promise<DatabaseUser | undefined>;
  /** Milliseconds after which a transaction that nobody uses is rolled back. */
  readonly transactionIdle: number;
}

export interface DatabaseUser {
  readonly username: string;
  readonly password: string;
}

/** A connection for one statement, with the pool it came from. */
export interface Session {
  readonly client: pg.PoolClient;
  readonly pool: pg.Pool;
}

interface Transaction extends Session {
  isBusy: boolean;
  timer: NodeJS.Timeout | undefined;
}

export type Sessions = ReturnType<typeof createSessions>;

/** Connections by database and role, and the transactions that are open on them. */
export function createSessions({ databaseUrl, roles, readSecret, transactionIdle }: SessionOptions) {
  const users = new Map<string, DatabaseUser | undefined>();
  const pools = new Map<string, pg.Pool>();
  const transactions = new Map<string, Transaction>();

  function poolOf({ database, secretArn = '' }: ApiRequest): pg.Pool {
    const url = new URL(databaseUrl);
    if (database !== undefined) url.pathname = `/${encodeURIComponent(database)}`;
    const role = Object.entries(roles).find(([part]) => secretArn.includes(part))?.[1];
    if (role !== undefined) [url.username = '', url.password = ''] = role.split(':');
    const user = users.get(secretArn);
    if (user !== undefined) {
      url.username = encodeURIComponent(user.username);
      url.password = encodeURIComponent(user.password);
    }
    const known = pools.get(url.href);
    if (known !== undefined) return known;
    const pool = new pg.Pool({
      connectionString: url.href,
      max: CONNECTIONS,
      options: SESSION,
      application_name: 'data-api',
    });
    // A connection that breaks between statements is replaced at the next use.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
    pools.set(url.href, pool);
    return pool;
  }

  /** Outside a transaction nothing of a session survives the statement. */
  async function release(client: pg.PoolClient) {
    try {
      await client.query('rollback');
      await client.query('discard all');
      client.release();
    } catch {
      client.release(true);
    }
  }

  function end(id: string, transaction: Transaction) {
    transactions.delete(id);
    clearTimeout(transaction.timer);
    void release(transaction.client);
  }

  function wait(id: string, transaction: Transaction) {
    transaction.isBusy = false;
    if (transactions.get(id) !== transaction) return;
    transaction.timer = setTimeout(() => end(id, transaction), transactionIdle);
    transaction.timer.unref();
  }

  function find(id: string, request: ApiRequest): Transaction {
    const transaction = transactions.get(id);
    if (transaction === undefined)
      throw new ApiError('TransactionNotFoundException', 404, `Transaction ${id} is not found`);
    if (transaction.isBusy) throw databaseError('Transaction is still running a query');
    if (request.database !== undefined && transaction.pool !== poolOf(request))
      throw badRequest('Database name is not the same as transaction');
    transaction.isBusy = true;
    clearTimeout(transaction.timer);
    return transaction;
  }

  return {
    /** Reads the secret of a request once, before its user connects. */
    async learn({ secretArn }: ApiRequest): Promise<void> {
      if (readSecret === undefined || secretArn === undefined || users.has(secretArn)) return;
      users.set(secretArn, await readSecret(secretArn));
    },
    /** Open transactions. */
    get transactionCount() {
      return transactions.size;
    },
    /**
     * Runs `use` in the request's transaction or in a session of its own. `afterwards` given by `use` delays the
     * end of the session: a statement that timed out may still be running.
     */
    async withSession<T>(
      request: ApiRequest,
      use: (session: Session, afterwards: (running: Promise<unknown>) => void) => Promise<T>,
    ): Promise<T> {
      let running: Promise<unknown> = Promise.resolve();
      const afterwards = (promise: Promise<unknown>) => {
        running = promise.catch(() => undefined);
      };
      const id = request.transactionId;
      if (id !== undefined) {
        const transaction = find(id, request);
        try {
          return await use(transaction, afterwards);
        } finally {
          void running.then(() => wait(id, transaction));
        }
      }
      const pool = poolOf(request);
      const client = await pool.connect();
      try {
        return await use({ client, pool }, afterwards);
      } finally {
        void running.then(() => release(client));
      }
    },
    async begin(request: ApiRequest): Promise<string> {
      const pool = poolOf(request);
      const client = await pool.connect();
      await client.query('begin');
      const id = randomBytes(90).toString('base64');
      const transaction: Transaction = { client, pool, isBusy: true, timer: undefined };
      transactions.set(id, transaction);
      wait(id, transaction);
      return id;
    },
    /** Answers PostgreSQL's word for what it did: a failed transaction is rolled back by its commit. */
    async commit(request: ApiRequest): Promise<string> {
      const id = request.transactionId ?? '';
      const transaction = find(id, request);
      try {
        return (await transaction.client.query('commit')).command;
      } finally {
        end(id, transaction);
      }
    },
    rollback(request: ApiRequest): void {
      const id = request.transactionId ?? '';
      end(id, find(id, request));
    },
    async close(): Promise<void> {
      for (const [id, transaction] of transactions) end(id, transaction);
      await Promise.all(Array.from(pools.values(), (pool) => pool.end()));
    },
  };
}
