import type { Resolved } from '../../definitions/references';
import type { Setting } from './values';

/** How requests prove who they are. Values given as references never appear in errors or logs. */
export type Auth = BearerAuth<Setting> | BasicAuth<Setting> | HeaderAuth<Setting> | QueryAuth<Setting>;

interface BearerAuth<S> {
  readonly kind: 'bearer';
  readonly token: S;
}

interface BasicAuth<S> {
  readonly kind: 'basic';
  readonly username: S;
  readonly password: S;
}

interface HeaderAuth<S> {
  readonly kind: 'header';
  readonly name: string;
  readonly value: S;
}

interface QueryAuth<S> {
  readonly kind: 'query';
  readonly param: string;
  readonly value: S;
}

/** `Authorization: Bearer <token>`. @example auth: bearer(secret('GITHUB_TOKEN')) */
export function bearer<S extends Setting>(token: S): BearerAuth<S> {
  return { kind: 'bearer', token };
}

/** `Authorization: Basic <base64>`. @example auth: basic('service', secret('PASSWORD')) */
export function basic<U extends Setting, P extends Setting>(username: U, password: P): BasicAuth<U | P> {
  return { kind: 'basic', username, password };
}

/** A header of its own. @example auth: header('X-Api-Key', secret('API_KEY')) */
export function header<S extends Setting>(name: string, value: S): HeaderAuth<S> {
  return { kind: 'header', name, value };
}

/** A query parameter. @example auth: query('api_key', secret('API_KEY')) */
export function query<S extends Setting>(param: string, value: S): QueryAuth<S> {
  return { kind: 'query', param, value };
}

/** Credentials as requests carry them. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  /** Every text that must not be shown, in each form in which it is sent. */
  readonly secrets: readonly string[];
}

/** What an auth, its references looked up, adds to every request. */
export function credentialsOf(auth: Resolved<Auth> | undefined): Credentials {
  if (auth === undefined) return { headers: {}, params: {}, secrets: [] };
  switch (auth.kind) {
    case 'bearer':
      return { headers: { authorization: `Bearer ${auth.token}` }, params: {}, secrets: [auth.token] };
    case 'basic': {
      const encoded = Buffer.from(`${auth.username}:${auth.password}`).toString('base64');
      return {
        headers: { authorization: `Basic ${encoded}` },
        params: {},
        secrets: [auth.password, encoded],
      };
    }
    case 'header':
      return { headers: { [auth.name.toLowerCase()]: auth.value }, params: {}, secrets: [auth.value] };
    case 'query':
      return { headers: {}, params: { [auth.param]: auth.value }, secrets: [auth.value] };
  }
}

/** Masks the secrets wherever they stand in a text: as given, trimmed (as headers send them) and URL-encoded. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .flatMap((secret) => [secret, secret.trim()])
    .filter((secret) => secret !== '')
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams({ '': secret }).toString().slice(1),
    ])
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, '***'), text);
}
