/** A value that is looked up when a resource is set up, never when code is loaded or shown. */
export interface EnvironmentReference<D extends string | undefined = string | undefined> {
  readonly kind: 'env';
  readonly name: string;
  readonly defaultValue: D;
}

/** A secret: looked up like an environment variable, and masked wherever it could appear. */
export interface SecretReference {
  readonly kind: 'secret';
  readonly name: string;
}

export type Reference = EnvironmentReference | SecretReference;

/** What settings become once their references are looked up. */
export type Resolved<T> = T extends Reference
  ? string
  : T extends (...parameters: never) => unknown
    ? T
    : T extends readonly unknown[]
      ? { readonly [K in keyof T]: Resolved<T[K]> }
      : T extends object
        ? { readonly [K in keyof T]: Resolved<T[K]> }
        : T;

/**
 * An environment variable, by name. Shown by its name in the dashboard; its value is read when the resource is
 * set up. One whose name says that it is a secret (see `namesSecret`) is masked like one.
 *
 * @param defaultValue used when the variable is not set; without one, an unset variable is an error
 * @example resource({ settings: { url: env('USGS_URL', 'https://earthquake.usgs.gov') }, ... })
 */
export function env(name: string, defaultValue: string): EnvironmentReference<string>;
export function env(name: string): EnvironmentReference<undefined>;
export function env(name: string, defaultValue?: string): EnvironmentReference {
  return { kind: 'env', name, defaultValue };
}

/**
 * A secret, by name: an environment variable locally, a secret of the location on AWS. Its value is masked in
 * logs, events and errors.
 *
 * @example resource({ settings: { privateKey: secret('SNOWFLAKE_PRIVATE_KEY') }, ... })
 */
export function secret(name: string): SecretReference {
  return { kind: 'secret', name };
}

/** Whether a value is a reference made by `env` or `secret`. */
export function isReference(value: unknown): value is Reference {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, name } = value as { kind?: unknown; name?: unknown };
  return (kind === 'env' || kind === 'secret') && typeof name === 'string';
}

/** A variable or secret that a resource needs is not set. */
export class MissingVariableError extends Error {
  override readonly name = 'MissingVariableError';
  readonly variable: string;
  readonly resource: string;

  constructor(variable: string, resource: string, kind: Reference['kind']) {
    const what = kind === 'env' ? 'environment variable' : 'secret';
    super(
      `Resource "${resource}" needs the ${what} ${variable}, which is not set. Set it in .env or the shell (on AWS: in the location's secrets)${kind === 'env' ? `, or give a default: env('${variable}', '...')` : ''}.`,
    );
    this.variable = variable;
    this.resource = resource;
  }
}

/** Replaces every reference inside plain objects and arrays; other objects and functions stay as they are. */
export function mapReferences(value: unknown, replace: (reference: Reference) => unknown): unknown {
  if (isReference(value)) return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapReferences(item, replace));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapReferences(item, replace)]));
}

/** Whether a value is an object literal: no class instance, array, date or function. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
