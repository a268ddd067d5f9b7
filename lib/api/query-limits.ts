import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';

/** Limits on one query, far above what the dashboard and known clients ask. */
export const QUERY_LIMITS = { depth: 20, aliases: 40, characters: 100_000 } as const;

/** A validation rule that refuses queries that are too deep or alias too much. */
export function queryLimits(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  return {
    Field(node) {
      if (node.alias !== undefined) aliases += 1;
      if (aliases === QUERY_LIMITS.aliases + 1) {
        context.reportError(
          new GraphQLError(`The query has more than ${QUERY_LIMITS.aliases} aliases.`, { nodes: node }),
        );
      }
    },
    OperationDefinition(node) {
      const depth = depthOf(node.selectionSet, context, new Set());
      if (depth > QUERY_LIMITS.depth) {
        context.reportError(
          new GraphQLError(`The query is ${depth} levels deep; at most ${QUERY_LIMITS.depth} are answered.`, {
            nodes: node,
          }),
        );
      }
    },
  };
}

function depthOf(
  selections: SelectionSetNode,
  context: ValidationContext,
  open: ReadonlySet<string>,
): number {
  return Math.max(
    ...selections.selections.map((selection) => {
      if (selection.kind === Kind.FIELD)
        return (
          1 + (selection.selectionSet === undefined ? 0 : depthOf(selection.selectionSet, context, open))
        );
      if (selection.kind === Kind.INLINE_FRAGMENT) return depthOf(selection.selectionSet, context, open);
      const name = selection.name.value;
      const fragment = context.getFragment(name);
      // A fragment that spreads itself is refused by a rule of its own.
      return fragment && !open.has(name)
        ? depthOf(fragment.selectionSet, context, new Set([...open, name]))
        : 0;
    }),
  );
}
