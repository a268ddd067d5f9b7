import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { QUERY_LIMITS } from './query-limits';

/** Values that one request may ask for, by `queryCost`; the dashboard's costliest document has a fifth. */
export const MOST_VALUES = 2_000_000;

/** Members of a list that nothing bounds. */
const UNBOUNDED = 10;

interface Request {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * About how many values an answer can have: each field counts one for each parent, and lists as many parents as their
 * `limit` says. Of fields with a `limit` everything below is counted so often, since the list is often one level down.
 */
export function queryCost({ schema, document, operationName, variables }: Request): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const known = new Map<string, number>();

  function ofSelections({ selections }: SelectionSetNode, parent: GraphQLNamedType | undefined): number {
    let sum = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) sum += ofField(selection, parent);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition?.name.value;
        sum += ofSelections(selection.selectionSet, on === undefined ? parent : schema.getType(on));
      } else sum += ofFragment(selection.name.value);
    }
    return sum;
  }

  function ofFragment(name: string): number {
    const cost = known.get(name);
    if (cost !== undefined) return cost;
    known.set(name, 0);
    const fragment = fragments.get(name);
    const found =
      fragment === undefined
        ? 0
        : ofSelections(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value));
    known.set(name, found);
    return found;
  }

  function ofField(field: FieldNode, parent: GraphQLNamedType | undefined): number {
    if (field.selectionSet === undefined) return 1;
    const hasFields = isObjectType(parent) || isInterfaceType(parent);
    const type = hasFields ? parent.getFields()[field.name.value]?.type : undefined;
    const limit = limitOf(field.arguments ?? [], variables);
    const count = limit ?? (type !== undefined && isList(type) ? UNBOUNDED : 1);
    return 1 + count * ofSelections(field.selectionSet, type && getNamedType(type));
  }

  let most = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    if (operationName && definition.name?.value !== operationName) continue;
    const root = schema.getRootType(definition.operation) ?? undefined;
    most = Math.max(most, ofSelections(definition.selectionSet, root));
  }
  return most;
}

const isList = (type: GraphQLOutputType): boolean =>
  isNonNullType(type) ? isList(type.ofType) : isListType(type);

/** How many rows `limit` says; undefined when it says nothing of rows. */
function limitOf(
  args: readonly ArgumentNode[],
  variables: Readonly<Record<string, unknown>>,
): number | undefined {
  const value = args.find(({ name }) => name.value === 'limit')?.value;
  const said =
    value?.kind === Kind.VARIABLE
      ? variables[value.name.value]
      : value?.kind === Kind.INT
        ? Number(value.value)
        : undefined;
  return typeof said === 'number' && said >= 0 && said <= QUERY_LIMITS.rows ? said : undefined;
}
