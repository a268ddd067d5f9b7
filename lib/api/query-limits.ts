import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';

/** Limits on one query, far above what the dashboard and known clients ask. */
export const QUERY_LIMITS = {
  depth: 20,
  aliases: 40,
  directives: 100,
  characters: 100_000,
  /** Rows of a page. */
  rows: 1_000,
} as const;

/** A validation rule that refuses queries that are too deep, or have too many aliases or directives. */
export function queryLimits(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  let directives = 0;
  const depths = new Map<string, number>();
  return {
    Field(node) {
      if (node.alias !== undefined) aliases += 1;
      if (aliases === QUERY_LIMITS.aliases + 1) {
        context.reportError(
          new GraphQLError(`The query has more than ${QUERY_LIMITS.aliases} aliases.`, { nodes: node }),
        );
      }
    },
    Directive(node) {
      directives += 1;
      if (directives === QUERY_LIMITS.directives + 1) {
        context.reportError(
          new GraphQLError(`The query has more than ${QUERY_LIMITS.directives} directives.`, { nodes: node }),
        );
      }
    },
    OperationDefinition(node) {
      const depth = depthOf(node.selectionSet, context, depths);
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

/** @param depths of fragments, each looked at once: they may spread each other many times over */
function depthOf(
  selections: SelectionSetNode,
  context: ValidationContext,
  depths: Map<string, number>,
): number {
  return Math.max(
    ...selections.selections.map((selection) => {
      if (selection.kind === Kind.FIELD) {
        const { selectionSet } = selection;
        return 1 + (selectionSet === undefined ? 0 : depthOf(selectionSet, context, depths));
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) return depthOf(selection.selectionSet, context, depths);
      const name = selection.name.value;
      const known = depths.get(name);
      if (known !== undefined) return known;
      // A fragment that spreads itself is refused by a rule of its own.
      depths.set(name, 0);
      const fragment = context.getFragment(name);
      const depth = fragment ? depthOf(fragment.selectionSet, context, depths) : 0;
      depths.set(name, depth);
      return depth;
    }),
  );
}
