/** A GraphQL document with the types that `generate-graphql.mjs` derived from the API's schema. */
export interface GraphqlDocument<Result, Variables> {
  readonly name: string;
  readonly text: string;
  /** Carries the types only; never set. */
  readonly types?: (variables: Variables) => Result;
}

/**
 * Tags a document: `gql<RunsResult, RunsVariables>` + template. One operation per template; nothing is put into it but
 * the fragments of `fragments.ts`, by their names.
 */
export function gql<Result, Variables>(
  strings: TemplateStringsArray,
  ...fragments: readonly string[]
): GraphqlDocument<Result, Variables> {
  const text = strings.reduce((before, string, index) => before + fragments[index - 1] + string);
  const name = /\b(?:query|mutation)\s+(\w+)/.exec(text)?.[1];
  if (!name) throw new Error('A GraphQL document needs an operation name: `query Runs { ... }`');
  return { name, text };
}
