import type { ResourceDefinition, ResourceValue } from 'headrace';

/** What a loading function takes of the context of an asset or op. */
export interface Needs<R extends Readonly<Record<string, ResourceDefinition>>> {
  readonly resources: { readonly [Name in keyof R]: ResourceValue<R[Name]> };
  readonly signal: AbortSignal;
}
