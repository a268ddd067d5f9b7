import type { ChildProcess } from 'node:child_process';
import type { ComputeLogStream } from '../../model/compute-log';

/** Where what one process prints goes. */
export interface OutputSink {
  write(stream: ComputeLogStream, bytes: Buffer): void;
  /** The process has ended: nothing follows what was held back. */
  flush(): void;
}

/** Both outputs of a process, to this one's standard error. */
export const toStandardError: OutputSink = {
  write: (_stream, bytes) => void process.stderr.write(bytes),
  flush: () => {},
};

/** Turns of the event loop, each of which reads every pipe once. */
const TURNS = 3;

/**
 * Hands what a process prints to a sink. What it had said by message before, such as what is a secret, is received
 * before: a message and output that follows it come through pipes of their own.
 */
export function readOutput(child: ChildProcess, sink: OutputSink): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.on('data', (bytes: Buffer) => afterTurns(TURNS, () => sink.write(stream, bytes)));
  }
  child.once('close', () => afterTurns(TURNS, () => sink.flush()));
}

function afterTurns(turns: number, act: () => void): void {
  if (turns === 0) act();
  else setImmediate(afterTurns, turns - 1, act);
}
