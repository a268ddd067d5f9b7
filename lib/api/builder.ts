import SchemaBuilder from '@pothos/core';
import type { JsonObject, JsonValue } from '../model/json';
import type { ApiContext } from './api-context';

interface ApiTypes {
  Context: ApiContext;
  DefaultFieldNullability: false;
  Scalars: {
    RunConfigData: { Input: JsonObject | string; Output: JsonValue };
    GenericScalar: { Input: JsonValue; Output: JsonValue };
    JSONString: { Input: string; Output: string };
  };
}

/** The one schema builder; every file of `schema/` adds its types to it. */
export const builder = new SchemaBuilder<ApiTypes>({ defaultFieldNullability: false });

/** What fields that several types have are made with: `t` of each of them. */
export type ObjectFields<T> = PothosSchemaTypes.ObjectFieldBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<ApiTypes>,
  T
>;
export type InterfaceFields<T> = PothosSchemaTypes.InterfaceFieldBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<ApiTypes>,
  T
>;

builder.scalarType('RunConfigData', {
  description: 'A run config: an object, or its JSON as a string.',
  serialize: (value) => value,
  parseValue: (value) => value as JsonObject | string,
});
builder.scalarType('GenericScalar', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value as JsonValue,
});
builder.scalarType('JSONString', {
  description: 'JSON as text.',
  serialize: (value) => value,
  parseValue: (value) => String(value),
});

builder.queryType({});
builder.mutationType({});

/** A value that says which member of a union it is. */
export type Tagged<N extends string, T = unknown> = T & { readonly __typename: N };

/** Marks a value as a member of a union. */
export function tag<N extends string, T extends object>(__typename: N, value: T): Tagged<N, T> {
  return { ...value, __typename };
}

/** How every union finds its member. */
export const byTypename = (value: { readonly __typename: string }): string => value.__typename;
