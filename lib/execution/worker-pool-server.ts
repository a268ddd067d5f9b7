import type { FromWorkerPool, PoolTask, ToWorkerPool } from '../model/worker-pool-messages';
import type { AttemptEnd, SupervisorPorts } from './attempt';
import { Supervisor } from './supervisor';

export interface WorkerPoolServerOptions extends SupervisorPorts {
  /** Identifies this process in storage. */
  readonly workerId: string;
  send(message: FromWorkerPool): void;
}

/** Serves run attempts, each with a supervisor of its own, from one pool of warm children. */
export class WorkerPoolServer {
  private readonly options: WorkerPoolServerOptions;
  private readonly supervisors = new Map<
    string,
    { readonly supervisor: Supervisor; readonly ended: Promise<void> }
  >();

  constructor(options: WorkerPoolServerOptions) {
    this.options = options;
    options.pool.onChange = (pids) => options.send({ type: 'children', pids });
  }

  receive(message: ToWorkerPool): void {
    switch (message.type) {
      case 'run':
        this.start(message);
        break;
      case 'stop':
        void this.find(message.task)?.supervisor.stop(message.cause);
        break;
      case 'kill':
        this.find(message.task)?.supervisor.kill('stopped by force');
        break;
      case 'warm':
        this.options.pool.warm(message.bundle);
        break;
    }
  }

  /** Interrupts all attempts, waits for them, and ends the children. */
  async close(cause: string): Promise<void> {
    const all = [...this.supervisors.values()];
    await Promise.all(all.map(({ supervisor }) => supervisor.stop(cause)));
    await Promise.all(all.map(({ ended }) => ended));
    await this.options.pool.close();
  }

  private start({ task, token, bundle, maxRuntimeSeconds }: Extract<ToWorkerPool, { type: 'run' }>): void {
    if (this.find(task) !== undefined) return;
    const ref = { ...task, workerId: this.options.workerId, token };
    const supervisor = new Supervisor(
      { ref, bundle, maxRuntimeSeconds },
      {
        ...this.options,
        isShared: true,
        requestDequeue: async () => this.options.send({ type: 'dequeue' }),
      },
    );
    const ended = supervisor.run().then((end) => {
      this.supervisors.delete(keyOf(task));
      this.options.send({ type: 'ended', task, ...taskExit(end) });
    });
    this.supervisors.set(keyOf(task), { supervisor, ended });
  }

  private find(task: PoolTask) {
    return this.supervisors.get(keyOf(task));
  }
}

/** An attempt's end as a task's exit: 0 when there is nothing left to be done about it. */
export function taskExit(end: AttemptEnd): { readonly exitCode: number; readonly reason: string | null } {
  switch (end.kind) {
    case 'finished':
    case 'suspended':
    case 'stale':
      return { exitCode: 0, reason: null };
    case 'interrupted':
      return { exitCode: 143, reason: `interrupted: ${end.cause}` };
    case 'failed':
      return { exitCode: 1, reason: end.reason };
  }
}

const keyOf = ({ runId, attempt }: PoolTask): string => `${runId}-${attempt}`;
