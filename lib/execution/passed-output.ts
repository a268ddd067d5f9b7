import type { ComputeLogStream } from '../model/compute-log';
import type { SecretMask } from '../model/secret-mask';
import { maskBytes } from './mask-bytes';

/** Where output goes once it is masked. */
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
    const { masked, held } = maskBytes(this.mask, Buffer.concat([this.held[stream], bytes]), isLast);
    this.held[stream] = held;
    if (masked.length > 0) this.pass(stream, masked);
  }

  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) this.write(stream, Buffer.alloc(0), true);
  }
}

/** The same as text, whose characters come whole. */
export function passText(mask: SecretMask, say: (text: string) => void): PassedOutput {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  return new PassedOutput(mask, (stream, bytes) => {
    const text = decoders[stream].decode(bytes, { stream: true });
    if (text !== '') say(text);
  });
}
