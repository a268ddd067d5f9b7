import { z } from 'zod';

/**
 * Every environment variable that Headrace itself reads, once. User code names its own through `env('NAME')`.
 * Nothing else in the project touches `process.env`.
 */
const schema = z.object({
  /** Connection string of a PostgreSQL to use instead of the embedded one. */
  DATABASE_URL: z.string().url().optional(),
  /** Folder of everything kept locally; default `.headrace` beside `headrace.yaml`. */
  HEADRACE_HOME: z.string().optional(),
  /** Port of the dashboard and API; default 3000. */
  HEADRACE_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** Address of a Headrace API that the CLI talks to; default: what `dev` wrote into its home. */
  HEADRACE_URL: z.string().url().optional(),
  /** Token for that API. */
  HEADRACE_TOKEN: z.string().optional(),
});

export type Environment = z.infer<typeof schema>;

/** A variable has a value that cannot be used. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly variables: readonly string[];

  constructor(problems: readonly { readonly variable: string; readonly message: string }[]) {
    super(
      `Environment variables cannot be used:\n${problems.map((p) => `  ${p.variable}: ${p.message}`).join('\n')}\nSet them in the shell or in .env, or unset them for their defaults.`,
    );
    this.variables = problems.map((p) => p.variable);
  }
}

/**
 * Reads and checks the environment.
 *
 * @throws {EnvironmentError} naming every variable that cannot be used
 * @example const { DATABASE_URL } = readEnvironment();
 */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  throw new EnvironmentError(
    result.error.issues.map((issue) => ({ variable: issue.path.join('.'), message: issue.message })),
  );
}

/** Looks up a variable that user code named; the whole environment is visible to it. */
export function lookUpEnvironment(name: string): string | undefined {
  return process.env[name];
}

/**
 * Adds variables to this process's environment, where they are not set already: the shell wins over `.env`, and
 * both win over what development services offer.
 *
 * @returns the names that were added
 */
export function addToEnvironment(values: Readonly<Record<string, string | undefined>>): string[] {
  const added: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || process.env[name] !== undefined) continue;
    process.env[name] = value;
    added.push(name);
  }
  return added;
}

const workerSchema = z.object({
  /** Connection string of the database, for the worker's role. Never visible to user code. */
  HEADRACE_WORKER_DATABASE_URL: z.string().optional(),
  /** Where bundles, logs and artifacts are kept: a folder. */
  HEADRACE_OBJECT_STORE: z.string(),
  /** The attempt that a worker of its own serves; a pool gets its attempts by message. */
  HEADRACE_RUN_ID: z.string().optional(),
  HEADRACE_ATTEMPT: z.coerce.number().int().positive().optional(),
  /** The attempt's secret. Never visible to user code. */
  HEADRACE_ATTEMPT_TOKEN: z.string().optional(),
  HEADRACE_BUNDLE_HASH: z.string().optional(),
  /** Path of the `bundle.mjs` to execute. */
  HEADRACE_BUNDLE_PATH: z.string().optional(),
  /** Seconds; absent = no limit. */
  HEADRACE_MAX_RUNTIME: z.coerce.number().positive().optional(),
});

/** What a worker is told by whoever launches it. */
export type WorkerEnvironment = z.infer<typeof workerSchema>;

/** Variables that user code must not see. */
const WORKER_SECRETS = [
  'HEADRACE_WORKER_DATABASE_URL',
  'HEADRACE_ATTEMPT_TOKEN',
] as const satisfies (keyof WorkerEnvironment)[];

/** Reads what the launcher told this worker. Throws an `EnvironmentError`. */
export function readWorkerEnvironment(source: NodeJS.ProcessEnv = process.env): WorkerEnvironment {
  const result = workerSchema.safeParse(source);
  if (result.success) return result.data;
  throw new EnvironmentError(
    result.error.issues.map((issue) => ({ variable: issue.path.join('.'), message: issue.message })),
  );
}

/** The environment of a process that serves workers: this one's, and what it is to know. */
export function environmentForWorker(worker: WorkerEnvironment): NodeJS.ProcessEnv {
  const told = Object.entries(worker).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return { ...process.env, ...Object.fromEntries(told) };
}

/** The environment of a process with user code in it: this one's without the worker's secrets. */
export function environmentForUserCode(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  for (const name of WORKER_SECRETS) delete environment[name];
  return environment;
}

/** This process's environment with folders put before the others of PATH; `folders` ends with the separator. */
export function environmentWithPath(folders: string): NodeJS.ProcessEnv {
  return { ...process.env, PATH: folders + (process.env.PATH ?? '') };
}

/** Remembers the environment; what it returns puts it back, whatever was done to it since. */
export function keepEnvironment(): () => void {
  const before = { ...process.env };
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  };
}
