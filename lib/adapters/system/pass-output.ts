/** Output of user code as output of this process, which has one of its own kept: CloudWatch, the terminal. */
export function passOutput(stream: 'stdout' | 'stderr', bytes: Buffer): void {
  process[stream].write(bytes);
}
