/** Aborts a request when the service is silent; armed only while bytes are awaited, never by a slow consumer. */
export class SilenceTimer {
  private readonly controller = new AbortController();
  private readonly ms: number;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ms: number) {
    this.ms = ms;
  }

  /** Aborted once the silence was too long. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  arm(): void {
    this.disarm();
    const error = new Error(`the service was silent for ${this.ms} ms`);
    this.timer = setTimeout(() => this.controller.abort(error), this.ms);
  }

  disarm(): void {
    clearTimeout(this.timer);
  }
}
