import { createSign, generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLocalSnowflake } from '../../tools/local-snowflake/start';
import { type SnowflakeFixture, startFixture } from './local-snowflake-fixture';

let fixture: SnowflakeFixture;

beforeAll(async () => {
  fixture = await startFixture({ idleTransactionSeconds: 1 });
});

afterAll(async () => {
  await fixture.dispose();
});

describe('authentication', () => {
  it('refuses a password and says that a key pair is needed', async () => {
    const { privateKeyPath: _, ...password } = {
      privateKeyPath: '',
      authenticator: 'SNOWFLAKE',
      password: 'secret',
    };
    await expect(fixture.connect(password)).rejects.toMatchObject({
      code: '390100',
      message: expect.stringMatching(/password authentication is refused.*key-pair/i),
    });
  });

  it('refuses a key that is not registered and names its fingerprint', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const file = join(fixture.directory, 'stranger.p8');
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await expect(fixture.connect({ privateKeyPath: file })).rejects.toMatchObject({
      code: '390144',
      message: expect.stringMatching(/public key SHA256:.* is not registered for user 'HEADRACE'/),
    });
  });

  it('refuses another user and another account', async () => {
    await expect(fixture.connect({ username: 'nobody' })).rejects.toMatchObject({
      code: '390144',
      message: expect.stringContaining("user 'NOBODY' does not exist"),
    });
    await expect(fixture.connect({ account: 'elsewhere' })).rejects.toMatchObject({
      code: '390144',
      message: expect.stringContaining("account 'ELSEWHERE'"),
    });
  });

  it('refuses a forged signature and an expired token', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const file = join(fixture.directory, 'second.pub');
    await writeFile(file, publicKey.export({ type: 'spki', format: 'pem' }));
    const server = await startLocalSnowflake({
      dataDirectory: join(fixture.directory, 'tokens'),
      python: fixture.python.python,
      publicKeyFiles: { SECOND: [file] },
    });
    const { createHash } = await import('node:crypto');
    const fingerprint = createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64');
    const now = Math.floor(Date.now() / 1000);
    const login = async (claims: object, tamper = (signature: string) => signature) => {
      const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const body = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({
        iss: `LOCAL.SECOND.SHA256:${fingerprint}`,
        sub: 'LOCAL.SECOND',
        ...claims,
      })}`;
      const signature = tamper(createSign('sha256').update(body).sign(privateKey, 'base64url'));
      const response = await fetch(`${server.url}/session/v1/login-request`, {
        method: 'POST',
        body: JSON.stringify({
          data: { LOGIN_NAME: 'SECOND', AUTHENTICATOR: 'SNOWFLAKE_JWT', TOKEN: `${body}.${signature}` },
        }),
      });
      return (await response.json()) as { success: boolean; message: string | null };
    };
    try {
      expect(await login({ iat: now, exp: now + 60 })).toMatchObject({ success: true });
      expect(await login({ iat: now - 500, exp: now - 400 })).toMatchObject({
        message: expect.stringContaining('expired'),
      });
      expect(await login({ iat: now - 7200, exp: now + 60 })).toMatchObject({ success: false });
      const forged = await login({ iat: now, exp: now + 60 }, (signature) => `AAAA${signature.slice(4)}`);
      expect(forged).toMatchObject({ message: expect.stringContaining('signature') });
    } finally {
      await server.stop();
    }
  });
});

describe('transactions', () => {
  it('shows nothing of an open transaction to others, everything after the commit, nothing after a rollback', async () => {
    const [writer, reader] = [await fixture.connect(), await fixture.connect()];
    await writer.run('CREATE OR REPLACE TABLE ISOLATED (A NUMBER(38,0))');
    const count = async () => (await reader.run('SELECT COUNT(*) N FROM ISOLATED'))[0]?.N;
    await writer.run('BEGIN');
    await writer.run('INSERT INTO ISOLATED VALUES (1)');
    const during = await count();
    await writer.run('COMMIT');
    const after = await count();
    await writer.run('BEGIN');
    await writer.run('DELETE FROM ISOLATED');
    await writer.run('ROLLBACK');
    expect([during, after, await count()]).toEqual([0, 1, 1]);
  });

  it('commits the open transaction before DDL', async () => {
    const client = await fixture.connect();
    await client.run('CREATE OR REPLACE TABLE EARLY (A NUMBER(38,0))');
    await client.run('BEGIN');
    await client.run('INSERT INTO EARLY VALUES (1)');
    await client.run('CREATE OR REPLACE TABLE UNRELATED (A NUMBER(38,0))');
    await client.run('ROLLBACK');
    expect(await client.run('SELECT COUNT(*) N FROM EARLY')).toEqual([{ N: 1 }]);
  });

  it('reads what others committed since the transaction began, until it writes', async () => {
    const [one, two] = [await fixture.connect(), await fixture.connect()];
    await one.run('CREATE OR REPLACE TABLE COMMITTED (A NUMBER(38,0))');
    await one.run('BEGIN');
    const before = await one.run('SELECT COUNT(*) N FROM COMMITTED');
    await two.run('INSERT INTO COMMITTED VALUES (1)');
    const after = await one.run('SELECT COUNT(*) N FROM COMMITTED');
    await one.run('UPDATE COMMITTED SET A = A + 1');
    await one.run('COMMIT');
    expect([before, after, await two.run('SELECT A FROM COMMITTED')]).toEqual([
      [{ N: 0 }],
      [{ N: 1 }],
      [{ A: 2 }],
    ]);
  });

  it('refuses to go on after a failed write, says why, and commits nothing of it', async () => {
    const client = await fixture.connect();
    await client.run('CREATE OR REPLACE TABLE FAILED (A NUMBER(38,0) NOT NULL)');
    await client.run('BEGIN');
    await client.run('INSERT INTO FAILED VALUES (1)');
    await expect(client.run('INSERT INTO FAILED VALUES (NULL)')).rejects.toMatchObject({ code: '100072' });
    await expect(client.run('SELECT 1')).rejects.toMatchObject({
      code: '000625',
      message: expect.stringContaining('ROLLBACK'),
    });
    await expect(client.run('COMMIT')).rejects.toMatchObject({ code: '000625' });
    expect(await client.run('SELECT COUNT(*) N FROM FAILED')).toEqual([{ N: 0 }]);
  });

  it('says that one transaction cannot write two databases here', async () => {
    const client = await fixture.connect();
    await client.run('CREATE OR REPLACE TABLE RAW.PUBLIC.LEFT_SIDE (A NUMBER(38,0))');
    await client.run('CREATE OR REPLACE TABLE ANALYTICS.PUBLIC.RIGHT_SIDE (A NUMBER(38,0))');
    await client.run('BEGIN');
    await client.run('INSERT INTO RAW.PUBLIC.LEFT_SIDE VALUES (1)');
    await expect(client.run('INSERT INTO ANALYTICS.PUBLIC.RIGHT_SIDE VALUES (1)')).rejects.toThrow(
      /cannot write databases RAW and ANALYTICS in one transaction/,
    );
    await client.run('ROLLBACK');
  });
});

describe('several sessions at once', () => {
  it('lets writers of one table wait for each other, so that no update is lost and none fails', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, () => fixture.connect()));
    await clients[0]?.run('CREATE OR REPLACE TABLE COUNTER (N NUMBER(38,0))');
    await clients[0]?.run('INSERT INTO COUNTER VALUES (0)');
    await Promise.all(
      clients.map(async (client, index) => {
        for (let i = 0; i < 5; i++) {
          if (index % 2) await client.run('BEGIN');
          await client.run('UPDATE COUNTER SET N = N + 1');
          if (index % 2) await client.run('COMMIT');
        }
      }),
    );
    expect(await clients[0]?.run('SELECT N FROM COUNTER')).toEqual([{ N: 30 }]);
  });

  it('creates, writes and drops tables concurrently', async () => {
    const clients = await Promise.all(Array.from({ length: 4 }, () => fixture.connect()));
    const counts = await Promise.all(
      clients.map(async (client, index) => {
        for (let i = 0; i < 5; i++) {
          await client.run(
            `CREATE OR REPLACE TABLE T${index} AS SELECT SEQ4() AS A FROM TABLE(GENERATOR(ROWCOUNT => 1000))`,
          );
          await client.run(`INSERT INTO T${index} SELECT A FROM T${index}`);
        }
        const [row] = await client.run(`SELECT COUNT(*) N FROM T${index}`);
        await client.run(`DROP TABLE T${index}`);
        return row?.N;
      }),
    );
    expect(counts).toEqual([2000, 2000, 2000, 2000]);
  });

  it('rolls back a transaction that sits idle while another session waits for its lock', async () => {
    const [abandoned, other] = [await fixture.connect(), await fixture.connect()];
    await other.run('CREATE OR REPLACE TABLE BLOCKED (A NUMBER(38,0))');
    await abandoned.run('BEGIN');
    await abandoned.run('INSERT INTO BLOCKED VALUES (1)');
    await other.run('INSERT INTO BLOCKED VALUES (2)');
    await expect(abandoned.run('COMMIT')).rejects.toMatchObject({
      code: '000625',
      message: expect.stringContaining('idle'),
    });
    expect(await other.run('SELECT A FROM BLOCKED')).toEqual([{ A: 2 }]);
  });
});

describe('restarts', () => {
  it('keeps databases, text lengths and stages, and stops within a few seconds while a statement runs', async () => {
    const client = await fixture.connect();
    await client.run('CREATE DATABASE IF NOT EXISTS LASTING');
    await client.run('CREATE TABLE LASTING.PUBLIC.KEPT (A VARCHAR(7))');
    await client.run("INSERT INTO LASTING.PUBLIC.KEPT VALUES ('x')");
    await client.run('CREATE STAGE LASTING.PUBLIC.KEPT_STAGE');
    const running = client
      .run('SELECT COUNT(*) FROM RANGE(100000000) A, RANGE(100000) B')
      .catch((error: Error) => error);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await fixture.server.stop();
    expect(await running).toBeInstanceOf(Error);
    await fixture.restart();
    const again = await fixture.connect();
    expect(await again.run('SELECT * FROM LASTING.PUBLIC.KEPT')).toEqual([{ A: 'x' }]);
    expect(await again.run('DESCRIBE TABLE LASTING.PUBLIC.KEPT')).toMatchObject([{ type: 'VARCHAR(7)' }]);
    expect(await again.run('LIST @LASTING.PUBLIC.KEPT_STAGE')).toEqual([]);
  });

  it('keeps what was committed and nothing else when it is killed', async () => {
    const client = await fixture.connect();
    await client.run('CREATE OR REPLACE TABLE SURVIVING (A NUMBER(38,0))');
    await client.run('INSERT INTO SURVIVING VALUES (1)');
    await client.run('CREATE TEMPORARY TABLE LEFT_BEHIND (A NUMBER(38,0))');
    await client.run('BEGIN');
    await client.run('INSERT INTO SURVIVING VALUES (2)');
    const { pid } = fixture.server;
    process.kill(pid, 'SIGKILL');
    await fixture.server.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await fixture.restart();
    const again = await fixture.connect();
    expect(await again.run('SELECT A FROM SURVIVING')).toEqual([{ A: 1 }]);
    await expect(again.run('SELECT * FROM LEFT_BEHIND')).rejects.toMatchObject({ code: '002003' });
  });

  it('refuses a data directory that another server uses', async () => {
    const second = startLocalSnowflake({
      dataDirectory: join(fixture.directory, 'data'),
      python: fixture.python.python,
      publicKeyFiles: [fixture.keys.publicKeyFile],
    });
    await expect(second).rejects.toThrow(/in use by another server/);
  });
});
