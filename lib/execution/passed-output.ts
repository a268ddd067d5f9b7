import type { ComputeLogStream } from '../model/compute-log';
import type { SecretMask } from './secret-mask';

/** Where output of user code goes that is not kept. */
export type PassOutput = (stream: ComputeLogStream, bytes: Buffer) => void;

/** Hands output on as it comes, masked; the beginning of what may be a secret waits for what follows. */
export class PassedOutput {
  private readonly mask: SecretMask;
  private readonly pass: PassOutput;
  private readonly held: Record<ComputeLogStream, Buffer> = {
    stdout: Buffer.alloc(0),
    stderr: Buffer.alloc(0),
  };

  constructor(mask: SecretMask, pass: PassOutput) {
    this.mask = mask;
    this.pass = pass;
  }

  write(stream: ComputeLogStream, bytes: Buffer, isLast = false): void {
    const { masked, held } = this.mask.bytes(Buffer.concat([this.held[stream], bytes]), isLast);
    this.held[stream] = held;
    if (masked.length > 0) this.pass(stream, masked);
  }

  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) this.write(stream, Buffer.alloc(0), true);
  }
}
