import { assetNodesOf } from './dbt-graph';
import type { DbtManifest, DbtNode } from './dbt-manifest';
import { DbtSelectionError } from './errors';

/** Which nodes each method of dbt's selection syntax takes. */
const METHODS: Readonly<Record<string, (node: DbtNode, value: string) => boolean>> = {
  fqn: ({ fqn }, value) =>
    matches(fqn.at(-1) ?? '', value) ||
    matches(fqn.join('.'), value) ||
    fqn.join('.').startsWith(`${value}.`),
  tag: ({ tags }, value) => tags.some((tag) => matches(tag, value)),
  path: ({ original_file_path: path }, value) =>
    matches(path, value) || path.startsWith(`${value.replace(/\/$/, '')}/`),
  file: ({ original_file_path: path }, value) => matches(path.split('/').at(-1) ?? '', value),
  package: ({ package_name }, value) => matches(package_name, value),
  resource_type: ({ resource_type }, value) => resource_type === value,
  group: ({ config }, value) => matches(config.group ?? '', value),
  'config.materialized': ({ config }, value) => config.materialized === value,
  'config.schema': ({ config }, value) => config.schema === value,
};

const TERM = /^(\d*\+)?(?:([a-z_.]+):)?([^+:]+?)(\+\d*)?$/;

/**
 * Unique ids of the models, seeds and snapshots that a dbt selection takes: the terms of `dbt build --select`
 * with the methods above (`fqn` by default) and `source`, `+` and `2+` for the graph, spaces for "or", commas
 * for "and".
 *
 * @throws {DbtSelectionError} for another method or syntax, or when nothing is chosen
 * @example selectNodes(manifest, 'tag:nightly+ config.materialized:table', 'path:models/marts/old')
 */
export function selectNodes(
  manifest: DbtManifest,
  select: string | undefined,
  exclude: string | undefined,
): ReadonlySet<string> {
  const nodes = assetNodesOf(manifest);
  const all = new Set(nodes.map(({ unique_id }) => unique_id));
  const included = select === undefined ? all : union(manifest, nodes, select);
  const excluded = exclude === undefined ? new Set<string>() : union(manifest, nodes, exclude);
  const chosen = new Set([...included].filter((id) => all.has(id) && !excluded.has(id)));
  if (chosen.size > 0) return chosen;
  const given = [select && `select "${select}"`, exclude && `exclude "${exclude}"`]
    .filter(Boolean)
    .join(', ');
  throw new DbtSelectionError(`dbtAssets: ${given} chooses none of the project's ${all.size} nodes.`);
}

function union(manifest: DbtManifest, nodes: readonly DbtNode[], selection: string): Set<string> {
  const parts = selection.split(/\s+/).filter((part) => part !== '');
  return new Set(parts.flatMap((part) => [...intersection(manifest, nodes, part)]));
}

function intersection(manifest: DbtManifest, nodes: readonly DbtNode[], part: string): Set<string> {
  const [first = new Set<string>(), ...rest] = part
    .split(',')
    .map((term) => termNodes(manifest, nodes, term));
  return new Set([...first].filter((id) => rest.every((other) => other.has(id))));
}

function termNodes(manifest: DbtManifest, nodes: readonly DbtNode[], term: string): Set<string> {
  const [, ancestors, method = 'fqn', value = '', descendants] = TERM.exec(term) ?? [];
  const known = METHODS[method];
  if (value === '' || (known === undefined && method !== 'source')) {
    throw new DbtSelectionError(
      `dbtAssets: "${term}" is not understood. Terms are [n+][method:]value[+n] with the methods ${Object.keys(METHODS).join(', ')} and source.`,
    );
  }
  const start =
    known === undefined
      ? Object.values(manifest.sources)
          .filter(
            (source) =>
              matches(source.source_name, value) || matches(`${source.source_name}.${source.name}`, value),
          )
          .map(({ unique_id }) => unique_id)
      : nodes.filter((node) => known(node, value)).map(({ unique_id }) => unique_id);
  const found = new Set(start);
  const parentsOf = (id: string) => manifest.nodes[id]?.depends_on.nodes ?? [];
  if (ancestors !== undefined) walk(start, parentsOf, steps(ancestors), found);
  if (descendants !== undefined) walk(start, childrenOf(manifest), steps(descendants), found);
  return found;
}

function walk(
  start: readonly string[],
  next: (id: string) => readonly string[],
  most: number,
  found: Set<string>,
) {
  const seen = new Set(start);
  let edge: readonly string[] = start;
  for (let step = 0; step < most && edge.length > 0; step++) {
    edge = edge.flatMap((id) => next(id)).filter((id) => !seen.has(id));
    for (const id of edge) {
      seen.add(id);
      found.add(id);
    }
  }
}

function childrenOf(manifest: DbtManifest): (id: string) => readonly string[] {
  const children = new Map<string, string[]>();
  for (const { unique_id, depends_on } of Object.values(manifest.nodes)) {
    for (const parent of depends_on.nodes) children.set(parent, [...(children.get(parent) ?? []), unique_id]);
  }
  return (id) => children.get(id) ?? [];
}

const steps = (operator: string): number => Number(operator.replace('+', '')) || Number.POSITIVE_INFINITY;

/** `*` stands for any text. */
function matches(text: string, pattern: string): boolean {
  if (!pattern.includes('*')) return text === pattern;
  const source = pattern.split('*').map((piece) => piece.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(text);
}
