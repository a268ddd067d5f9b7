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
