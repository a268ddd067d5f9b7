/** Which assets of a graph a selection means. */
import { didYouMean, nearMisses } from './near-misses';
import { parseSelection } from './parse-selection';
import {
  IS_VALUES,
  SELECTION_ATTRIBUTES,
  type SelectionAttribute,
  type SelectionExpression,
  type TraversalDepth,
} from './selection-syntax';

export { parseSelection } from './parse-selection';
export {
  printSelection,
  type SelectionAttribute,
  type SelectionExpression,
  SelectionSyntaxError,
} from './selection-syntax';

/** Of an asset, what selections look at. */
export interface SelectableAsset {
  readonly key: string;
  /** Keys of the assets it needs. Those that are not in the graph are ignored. */
  readonly deps: readonly string[];
  readonly group: string;
  readonly kinds: readonly string[];
  readonly owners: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Described here, made elsewhere. */
  readonly external: boolean;
  /** Whether it is taken where external ones are left out: by selections of what is looked at. Default false. */
  readonly shown?: boolean;
  /** What it is called as a partitioned asset; absent when it has no partitions. */
  readonly partitions?: readonly string[];
  /**
   * Values of the other attributes, such as `code_location` or `status`. Pairs are written `name=value`. An attribute
   * that no asset of the graph has cannot be asked for.
   */
  readonly attributes?: Readonly<Partial<Record<SelectionAttribute, readonly string[]>>>;
}

/** A selection that can be read, but not answered for this graph. */
export class SelectionResolveError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SelectionResolveError';
  }
}

/**
 * Keys of the selected assets, sorted.
 *
 * `*`, `not`, `group:`, `kind:`, `tag:` and upstream traversals give only assets that can be materialized here; the
 * others external ones too.
 * @throws {SelectionSyntaxError} if it cannot be read
 * @throws {SelectionResolveError} if it names a key, or asks for an attribute, that the graph does not have
 * @example selectAssets('raw/orders+ and not kind:dbt', graph)
 */
export function selectAssets(
  selection: string | SelectionExpression,
  graph: readonly SelectableAsset[],
): readonly string[] {
  const expression = typeof selection === 'string' ? parseSelection(selection) : selection;
  return [...evaluate(expression, indexOf(graph))].sort();
}

/** An attribute to offer while someone types, with the values that assets of the graph have. */
export interface OfferedAttribute {
  readonly attribute: SelectionAttribute;
  readonly description: string;
  readonly values: readonly string[];
}

/** The attributes that can be asked of a graph. Tags are offered as `name=value`. */
export function selectionAttributes(graph: readonly SelectableAsset[]): readonly OfferedAttribute[] {
  return (Object.keys(SELECTION_ATTRIBUTES) as SelectionAttribute[]).flatMap((attribute) => {
    const values =
      attribute === 'is'
        ? new Set<string>(IS_VALUES)
        : new Set(graph.flatMap((asset) => valuesOf(asset, attribute) ?? []));
    if (values.size === 0) return [];
    return [{ attribute, description: SELECTION_ATTRIBUTES[attribute], values: [...values].sort() }];
  });
}

type Keys = ReadonlySet<string>;

interface GraphIndex {
  readonly assets: ReadonlyMap<string, SelectableAsset>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly materializable: Keys;
}

const indexes = new WeakMap<readonly SelectableAsset[], GraphIndex>();

function indexOf(graph: readonly SelectableAsset[]): GraphIndex {
  let index = indexes.get(graph);
  if (index === undefined) {
    const children = new Map<string, string[]>();
    for (const { key, deps } of graph) {
      for (const dep of deps) {
        const known = children.get(dep);
        if (known === undefined) children.set(dep, [key]);
        else known.push(key);
      }
    }
    index = {
      assets: new Map(graph.map((asset) => [asset.key, asset])),
      children,
      materializable: new Set(
        graph.filter(({ external, shown }) => !external || shown).map(({ key }) => key),
      ),
    };
    indexes.set(graph, index);
  }
  return index;
}

function evaluate(expression: SelectionExpression, index: GraphIndex): Keys {
  switch (expression.type) {
    case 'all':
      return index.materializable;
    case 'asset':
      if (index.assets.has(expression.key)) return new Set([expression.key]);
      throw new SelectionResolveError(
        `There is no asset '${expression.key}'.${didYouMean(nearMisses(expression.key, index.assets.keys()))}`,
      );
    case 'attribute':
      return withAttribute(expression.attribute, expression.value, expression.pairValue, index);
    case 'and':
      return expression.operands
        .map((each) => evaluate(each, index))
        .reduce((a, b) => where(a, (key) => b.has(key)));
    case 'or':
      return new Set(expression.operands.flatMap((each) => [...evaluate(each, index)]));
    case 'not':
      return without(index.materializable, evaluate(expression.operand, index));
    case 'sinks': {
      const among = evaluate(expression.operand, index);
      return without(
        among,
        strictReach(among, (key) => parentsOf(index, key)),
      );
    }
    case 'roots': {
      const among = evaluate(expression.operand, index);
      return without(
        among,
        strictReach(among, (key) => index.children.get(key) ?? []),
      );
    }
    case 'traversal': {
      const { operand, upstream, downstream } = expression;
      const from = evaluate(operand, index);
      const up = upstream === null ? [] : reach(from, upstream, (key) => parentsOf(index, key));
      const down =
        downstream === null
          ? new Set<string>()
          : reach(from, downstream, (key) => index.children.get(key) ?? []);
      return new Set([...[...up].filter((key) => index.materializable.has(key)), ...down]);
    }
  }
}

function parentsOf(index: GraphIndex, key: string): readonly string[] {
  return (index.assets.get(key)?.deps ?? []).filter((dep) => index.assets.has(dep));
}

/** `from`, and what can be reached from it in so many steps. */
function reach(from: Keys, depth: TraversalDepth, next: (key: string) => readonly string[]): Keys {
  const reached = new Set(from);
  let frontier = [...from];
  for (let step = 0; frontier.length > 0 && (depth === 'all' || step < depth); step += 1) {
    const further: string[] = [];
    for (const key of frontier) {
      for (const neighbour of next(key)) {
        if (reached.has(neighbour)) continue;
        reached.add(neighbour);
        further.push(neighbour);
      }
    }
    frontier = further;
  }
  return reached;
}

/** What lies beyond any of `from`, at whatever distance: itself only if it lies beyond another. */
function strictReach(from: Keys, next: (key: string) => readonly string[]): Keys {
  const neighbours = new Set<string>();
  for (const key of from) for (const each of next(key)) if (each !== key) neighbours.add(each);
  return reach(neighbours, 'all', next);
}

function withAttribute(
  attribute: SelectionAttribute,
  value: string | null,
  pairValue: string | null | undefined,
  index: GraphIndex,
): Keys {
  const all = new Set(index.assets.keys());
  switch (attribute) {
    case 'is':
      return where(all, (key) => index.assets.get(key)?.external === (value === 'external'));
    case 'key': {
      const pattern = wildcard(value ?? '');
      return where(all, (key) => pattern.test(key));
    }
    case 'owner':
      // `owner:<null>` selects nothing, as in Dagster; `not owner:"..."` finds assets without an owner.
      return value === null
        ? new Set()
        : where(all, (key) => index.assets.get(key)?.owners.includes(value) ?? false);
    case 'tag':
      return where(
        index.materializable,
        (key) => index.assets.get(key)?.tags[value ?? ''] === (pairValue ?? ''),
      );
    case 'group':
      return where(index.materializable, (key) => index.assets.get(key)?.group === value);
    case 'kind':
      return where(index.materializable, (key) => isAmong(value, index.assets.get(key)?.kinds));
    case 'partitions':
      return where(all, (key) => isAmong(value, index.assets.get(key)?.partitions));
    default: {
      const known = [...index.assets.values()].some(
        ({ attributes }) => attributes?.[attribute] !== undefined,
      );
      if (!known)
        throw new SelectionResolveError(
          `'${attribute}:' cannot be asked here: no asset says its ${attribute}`,
        );
      const wanted =
        attribute === 'column_tag' && pairValue !== undefined ? `${value}=${pairValue ?? ''}` : value;
      return where(all, (key) => isAmong(wanted, index.assets.get(key)?.attributes?.[attribute]));
    }
  }
}

function isAmong(value: string | null, values: readonly string[] | undefined): boolean {
  return value === null ? (values?.length ?? 0) === 0 : (values?.includes(value) ?? false);
}

function wildcard(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function without(keys: Keys, others: Keys): Keys {
  return where(keys, (key) => !others.has(key));
}

function where(keys: Keys, condition: (key: string) => boolean): Keys {
  const result = new Set<string>();
  for (const key of keys) if (condition(key)) result.add(key);
  return result;
}

function valuesOf(asset: SelectableAsset, attribute: SelectionAttribute): readonly string[] | undefined {
  switch (attribute) {
    case 'key':
      return [asset.key];
    case 'group':
      return [asset.group];
    case 'kind':
      return asset.kinds;
    case 'owner':
      return asset.owners;
    case 'tag':
      return Object.entries(asset.tags).map(([name, value]) => (value === '' ? name : `${name}=${value}`));
    case 'partitions':
      return asset.partitions;
    default:
      return asset.attributes?.[attribute];
  }
}
