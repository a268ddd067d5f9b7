/** Base of what goes wrong while a run executes, user code's own errors apart. */
export class ExecutionError extends Error {
  override readonly name: string = 'ExecutionError';
}

/** A bundle does not load: it throws while being imported, or exports something else than definitions. */
export class BundleLoadError extends ExecutionError {
  override readonly name = 'BundleLoadError';
  readonly bundlePath: string;
  readonly reason: string;

  constructor(bundlePath: string, reason: string, options?: ErrorOptions) {
    super(`The code location's bundle ${bundlePath} does not load: ${reason}`, options);
    this.bundlePath = bundlePath;
    this.reason = reason;
  }
}

/** A plan names something that the loaded code does not define. */
export class DefinitionNotFoundError extends ExecutionError {
  override readonly name = 'DefinitionNotFoundError';
  readonly kind: string;
  readonly definition: string;

  constructor(kind: string, definition: string, known: readonly string[]) {
    const list = known.length === 0 ? 'none' : known.slice(0, 20).join(', ');
    super(
      `The loaded code defines no ${kind} "${definition}" (it defines: ${list}${known.length > 20 ? ', …' : ''}). Launch the run again with the current code.`,
    );
    this.kind = kind;
    this.definition = definition;
  }
}

/** User code broke the rules of its op: an output that was not declared, not yielded, or yielded twice. */
export class StepOutputError extends ExecutionError {
  override readonly name = 'StepOutputError';
  readonly stepKey: string;
  readonly output: string;

  constructor(stepKey: string, output: string, message: string) {
    super(`Step "${stepKey}": ${message}`);
    this.stepKey = stepKey;
    this.output = output;
  }
}

/** A blocking check found an ERROR: its step fails, so that nothing downstream runs in this run. */
export class BlockingCheckFailedError extends ExecutionError {
  override readonly name = 'BlockingCheckFailedError';
  /** Trying again would find the same. */
  readonly allowRetries = false;
  readonly checks: readonly string[];

  constructor(checks: readonly string[]) {
    super(
      `Blocking ${checks.length === 1 ? 'check' : 'checks'} failed: ${checks.join(', ')}. Downstream steps do not run.`,
    );
    this.checks = checks;
  }
}

/** Why the run's AbortSignal fired: what user code sees as `signal.reason`. */
export class RunAbortedError extends ExecutionError {
  override readonly name = 'RunAbortedError';
  readonly why: 'cancel' | 'interrupt' | 'max-runtime';

  constructor(why: RunAbortedError['why'], message: string) {
    super(message);
    this.why = why;
  }
}
