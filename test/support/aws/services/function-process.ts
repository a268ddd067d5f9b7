import { type ChildProcess, spawn } from 'node:child_process';
import type { FunctionAnswer } from './fake-aws';

const RUNNER = `
const { handler } = await import(process.argv[1]);
process.on('message', async ({ id, event, remaining }) => {
  const ends = Date.now() + remaining;
  const context = { awsRequestId: 'request-' + id, functionName: 'test', getRemainingTimeInMillis: () => ends - Date.now() };
  try {
    process.send({ id, answer: { value: (await handler(event, context)) ?? null } });
  } catch (error) {
    process.send({ id, answer: { error: { errorType: error.name, errorMessage: error.message } } });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
`;

/** One environment of a built function, as Lambda keeps one: loaded once, invoked again and again. */
export class FunctionProcess {
  /** What it logged, a line each. */
  readonly output: string[] = [];
  private readonly process: ChildProcess;
  private readonly pending = new Map<number, (answer: FunctionAnswer) => void>();
  private readonly ready: Promise<void>;
  private readonly gone: Promise<void>;
  private count = 0;

  /** @param handler path of `handler.mjs` */
  constructor(handler: string, environment: Readonly<Record<string, string>>) {
    this.process = spawn(process.execPath, ['--input-type=module', '--eval', RUNNER, handler], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { PATH: process.env.PATH ?? '', ...environment },
    });
    for (const pipe of [this.process.stdout, this.process.stderr]) {
      pipe?.on('data', (bytes: Buffer) => this.output.push(...bytes.toString().split('\n').filter(Boolean)));
    }
    this.gone = new Promise((resolve) => this.process.once('exit', () => resolve()));
    this.ready = new Promise((resolve, reject) => {
      this.process.on('message', (message: { ready?: true; id: number; answer: FunctionAnswer }) => {
        if (message.ready) resolve();
        else this.pending.get(message.id)?.(message.answer);
      });
      void this.gone.then(() => {
        const why = this.output.slice(-20).join('\n');
        reject(new Error(`The function ended:\n${why}`));
        for (const answer of this.pending.values()) {
          answer({ error: { errorType: 'Runtime.ExitError', errorMessage: why } });
        }
      });
    });
  }

  /** @param remaining ms that the invocation may take, as its context says */
  async invoke(event: unknown, remaining = 60_000): Promise<FunctionAnswer> {
    await this.ready;
    this.count += 1;
    const id = this.count;
    const answer = new Promise<FunctionAnswer>((resolve) => this.pending.set(id, resolve));
    this.process.send({ id, event, remaining });
    return answer.finally(() => this.pending.delete(id));
  }

  async close(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.gone;
  }
}
