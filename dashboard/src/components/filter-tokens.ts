/** One `key:value` of a filter: `-` excludes, `,` means or. A token without a key is free text. */
export interface FilterToken {
  readonly key: string;
  readonly values: readonly string[];
  readonly exclude: boolean;
}

/** What a filter bar offers for what was typed. */
export interface FilterValue {
  readonly value: string;
  readonly detail?: string;
  /** It is a beginning: what follows it is offered next. */
  readonly more?: boolean;
}

/** A key that a filter bar knows; the key '' is that of words without one. */
export interface FilterKey {
  readonly key: string;
  /** Offered after `key:`. */
  readonly values?: readonly FilterValue[];
  /** Offered instead, for what was typed after `key:`; of the key '', for a word. */
  readonly suggest?: (typed: string) => readonly FilterValue[];
  /** Why the token cannot hold; undefined when it can. */
  readonly problem?: (token: FilterToken) => string | undefined;
}

const separator = /[^\s"]*"[^"]*"|\S+/g;

/** Reads a filter line: `job:ingest_* status:failed,canceled -tag:env=dev "two words"`. */
export function parseFilter(text: string): FilterToken[] {
  return (text.match(separator) ?? []).map(parseToken);
}

function unquote(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

function parseToken(source: string): FilterToken {
  const exclude = source.length > 1 && source.startsWith('-');
  const body = exclude ? source.slice(1) : source;
  const colon = body.startsWith('"') ? -1 : body.indexOf(':');
  if (colon <= 0) return { key: '', values: [unquote(body)], exclude };
  const raw = body.slice(colon + 1);
  const values = raw.startsWith('"') ? [unquote(raw)] : raw.split(',').filter(Boolean);
  return { key: body.slice(0, colon), values, exclude };
}

/** The inverse of `parseFilter`. */
export function formatFilter(tokens: readonly FilterToken[]): string {
  return tokens.map(formatToken).join(' ');
}

export function formatToken(token: FilterToken): string {
  const joined = token.values.join(',');
  const isOne = token.values.length === 1;
  const splits = token.key === '' ? joined.includes(':') : isOne && joined.includes(',');
  const quoted = /\s/.test(joined) || splits ? `"${joined}"` : joined;
  return `${token.exclude ? '-' : ''}${token.key ? `${token.key}:` : ''}${quoted}`;
}

/** The values that a filter holds a key to; what it excludes is not among them. */
export function heldValues(text: string, key: string): readonly string[] {
  return parseFilter(text).find((token) => token.key === key && !token.exclude)?.values ?? [];
}

/** The filter with a key held to other values; none lets all of them through. */
export function holdValues(text: string, key: string, values: readonly string[]): string {
  const rest = parseFilter(text).filter((token) => token.key !== key || token.exclude);
  return formatFilter(values.length > 0 ? [...rest, { key, values, exclude: false }] : rest);
}

/** Why a token is red: an unknown key, no value, or what its key says. */
export function tokenProblem(token: FilterToken, keys: readonly FilterKey[]): string | undefined {
  const known = keys.find((each) => each.key === token.key);
  if (token.key === '') return known?.problem?.(token);
  if (!known) return `No filter “${token.key}:”. Use ${namedKeys(keys).join(', ')}.`;
  if (token.values.length === 0) return `“${token.key}:” needs a value.`;
  return known.problem?.(token);
}

/** The keys as they are typed. */
export function namedKeys(keys: readonly FilterKey[]): readonly string[] {
  return keys.flatMap(({ key }) => (key === '' ? [] : [`${key}:`]));
}

/** Whether a text matches a value with `*` for anything; without a star, whether it contains it. */
export function matchesPattern(text: string, pattern: string): boolean {
  const lower = text.toLowerCase();
  const wanted = pattern.toLowerCase();
  if (!wanted.includes('*')) return lower.includes(wanted);
  const source = wanted.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(lower);
}
