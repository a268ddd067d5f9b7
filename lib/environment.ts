import { EVENT_BUS_RULES } from './model/event-bus-rules';
import { WORKER_VARIABLE } from './model/execution-input';
import { secretsOf } from './model/secret-values';

/**
 * Every environment variable that Headrace itself reads, once. User code names its own through `env('NAME')`.
 * Nothing else in the project touches `process.env`. Checked without zod: to load that takes as much CPU (60 ms) as
 * all else that a run's process loads before user code.
 */
const schema = {
  /** Connection string of a PostgreSQL to use instead of the embedded one. */
  DATABASE_URL: url,
  /** Folder of everything kept locally; default `.headrace` beside `headrace.yaml`. */
  HEADRACE_HOME: text,
  /** Port of the dashboard and API; default 3000. */
  HEADRACE_PORT: wholeNumber(0, 65_535),
  /** Address of a Headrace API that the CLI talks to; default: what `dev` wrote into its home. */
  HEADRACE_URL: url,
  /** Token for that API. */
  HEADRACE_TOKEN: text,
  /** Called with each alert as JSON, by `headrace dev`; default none. */
  HEADRACE_ALERTS_WEBHOOK: url,
};

export type Environment = Values<typeof schema>;

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
  return readValues(schema, source, []);
}

/** Looks up a variable that user code named; the whole environment is visible to it. */
export function lookUpEnvironment(name: string): string | undefined {
  return process.env[name];
}

/** Values of this process's environment that are secrets by their names, whoever reads them. */
export function environmentSecrets(): readonly string[] {
  return secretsOf(process.env);
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

/** Where deployments on AWS keep things; workers and control plane find them by the same names. */
const placesSchema = {
  /** Aurora cluster and its database. */
  HEADRACE_CLUSTER_ARN: text,
  HEADRACE_DATABASE: text,
  /** Buckets of code bundles, of compute logs, and of everything else that runs keep. */
  HEADRACE_BUNDLES_BUCKET: text,
  HEADRACE_LOGS_BUCKET: text,
  HEADRACE_ARTIFACTS_BUCKET: text,
};

/** Names of the buckets' variables: all of them, or a folder, say where objects are. */
export const BUCKET_VARIABLES = [
  'HEADRACE_BUNDLES_BUCKET',
  'HEADRACE_LOGS_BUCKET',
  'HEADRACE_ARTIFACTS_BUCKET',
] as const;

const workerSchema = {
  ...placesSchema,
  /** Connection string of the database, for the worker's role. Never visible to user code. */
  HEADRACE_WORKER_DATABASE_URL: text,
  /** Function that claims queued runs, to be called when a run in progress makes room for one. Absent = the sweep does it. */
  HEADRACE_DEQUEUE_FUNCTION: text,
  /** Secret of the worker's database user, where the database is reached through the Data API. */
  HEADRACE_WORKER_SECRET_ARN: text,
  /** Where bundles, logs and artifacts are kept: a folder. Absent = the buckets. */
  HEADRACE_OBJECT_STORE: text,
  /** Secret with the variables of the code location. Absent = the environment only. */
  HEADRACE_LOCATION_SECRET_ARN: text,
  /** `off`: what user code prints goes where the worker's own output goes, and is not kept. */
  HEADRACE_COMPUTE_LOGS: text,
  /** The code location that this process serves. */
  [WORKER_VARIABLE.location]: text,
  /** The attempt that a worker of its own serves; a pool gets its attempts by message. */
  [WORKER_VARIABLE.runId]: text,
  [WORKER_VARIABLE.attempt]: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  /** The attempt's secret. Never visible to user code. */
  [WORKER_VARIABLE.attemptToken]: text,
  /** Identifies the worker in storage. Absent = it makes a name of its own. */
  [WORKER_VARIABLE.workerId]: text,
  /** The code to execute, fetched from the object store unless a path is given. */
  [WORKER_VARIABLE.bundleHash]: text,
  /** Path of the `bundle.mjs` to execute. */
  HEADRACE_BUNDLE_PATH: text,
  /** Seconds; absent = no limit. */
  [WORKER_VARIABLE.maxRuntime]: positiveNumber,
  /** MB, set by Lambda: what supervisor and user code share. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: wholeNumber(128, 10_240),
  /** First port for debuggers of processes with user code, 0 = any free one; absent = they have no inspector. */
  HEADRACE_INSPECT: wholeNumber(0, 65_535),
};

/** What a worker is told by whoever launches it. */
export type WorkerEnvironment = Values<typeof workerSchema>;

/** Variables that user code must not see. */
const WORKER_SECRETS = [
  'HEADRACE_WORKER_DATABASE_URL',
  'HEADRACE_ATTEMPT_TOKEN',
] as const satisfies (keyof WorkerEnvironment)[];

/** Reads what the launcher told this worker. Throws an `EnvironmentError`. */
export function readWorkerEnvironment(source: NodeJS.ProcessEnv = process.env): WorkerEnvironment {
  const hasBuckets = BUCKET_VARIABLES.some((name) => source[name] !== undefined);
  return readValues(workerSchema, source, hasBuckets ? BUCKET_VARIABLES : ['HEADRACE_OBJECT_STORE']);
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

const awsSchema = {
  ...placesSchema,
  /** Name of the deployment; prefix of rules and secrets. */
  HEADRACE_INSTANCE: text,
  /** The secret of the database user of whoever reads this. */
  HEADRACE_SECRET_ARN: text,
  /** The run coordinator's state machine. */
  HEADRACE_STATE_MACHINE_ARN: text,
  /** ECS cluster of the workers. */
  HEADRACE_ECS_CLUSTER: text,
  /** JSON: location -> name of the function that holds its code. */
  HEADRACE_CODE_FUNCTIONS: text,
  /** What EventBridge rules call, and how many there may be. */
  HEADRACE_WAKE_UP_ARN: text,
  HEADRACE_MAX_RULES: wholeNumber(EVENT_BUS_RULES.least, EVENT_BUS_RULES.most),
  /** JSON of `IdentitySettings`: whose tokens the authorizer takes. */
  HEADRACE_IDENTITY: text,
};

/** What the CDK constructs tell the control plane's functions; each gets those that it needs. */
export type AwsEnvironment = Values<typeof awsSchema>;

/** Reads the variables of a function of the control plane. Throws an `EnvironmentError` when one of `required` is missing. */
export function readAwsEnvironment<R extends keyof AwsEnvironment>(
  required: readonly R[],
  source: NodeJS.ProcessEnv = process.env,
): AwsEnvironment & { readonly [K in R]: ReturnType<(typeof awsSchema)[K]> } {
  return readValues(awsSchema, source, required);
}

/** Turns a variable's text into its value; throws what is wrong with it. */
type Parse<T> = (value: string) => T;

type Values<S extends Readonly<Record<string, Parse<unknown>>>> = {
  readonly [K in keyof S]?: ReturnType<S[K]> | undefined;
};

function text(value: string): string {
  return value;
}

function url(value: string): string {
  if (!URL.canParse(value)) throw new RangeError(`is no URL: ${JSON.stringify(value)}`);
  return value;
}

function wholeNumber(least: number, most: number): Parse<number> {
  return (value) => {
    const number = value.trim() === '' ? Number.NaN : Number(value);
    if (!Number.isInteger(number) || number < least || number > most)
      throw new RangeError(`is no whole number from ${least} to ${most}: ${JSON.stringify(value)}`);
    return number;
  };
}

function positiveNumber(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number < Number.POSITIVE_INFINITY))
    throw new RangeError(`is no number above 0: ${JSON.stringify(value)}`);
  return number;
}

function readValues<S extends Readonly<Record<string, Parse<unknown>>>, R extends keyof S & string = never>(
  parsers: S,
  source: NodeJS.ProcessEnv,
  required: readonly R[],
): Values<S> & { readonly [K in R]: ReturnType<S[K]> } {
  const problems: { readonly variable: string; readonly message: string }[] = [];
  const values: Record<string, unknown> = {};
  for (const [variable, parse] of Object.entries(parsers)) {
    const value = source[variable];
    try {
      if (value !== undefined) values[variable] = parse(value);
      else if (required.some((name) => name === variable)) problems.push({ variable, message: 'is not set' });
    } catch (error) {
      problems.push({ variable, message: (error as Error).message });
    }
  }
  if (problems.length > 0) throw new EnvironmentError(problems);
  return values as Values<S> & { readonly [K in R]: ReturnType<S[K]> };
}
