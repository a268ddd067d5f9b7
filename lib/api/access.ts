import { type Grants, type Identity, mayAct, ROLES, type Role } from './identity';

/** Code locations in which a caller has a role: all that there are and will be, or these. */
export type Reach = 'everywhere' | ReadonlySet<string>;

/**
 * Where a caller may do what needs a role: the one place that decides it. What no grant names is refused.
 *
 * @example reachOf({ user: 'ann', role: 'editor', grants: { everywhere: 'viewer', locations: { shop: 'editor' } } }, 'launcher') // Set { 'shop' }
 */
export function reachOf({ role, grants }: Pick<Identity, 'role' | 'grants'>, needed: Role): Reach {
  const everywhere = grants === undefined ? role : grants.everywhere;
  if (everywhere !== null && mayAct(everywhere, needed)) return 'everywhere';
  return new Set(
    Object.entries(grants?.locations ?? {}).flatMap(([name, granted]) =>
      mayAct(granted, needed) ? [name] : [],
    ),
  );
}

/** Whether a reach holds a code location. */
export const reaches = (reach: Reach, location: string): boolean =>
  reach === 'everywhere' || reach.has(location);

/** Whether a caller may do what needs a role in one code location. */
export const mayActAt = (identity: Identity, location: string, needed: Role): boolean =>
  reaches(reachOf(identity, needed), location);

/** Whether a caller may do what concerns the deployment as a whole. */
export const mayActEverywhere = (identity: Identity, needed: Role): boolean =>
  reachOf(identity, needed) === 'everywhere';

/**
 * Grants as who calls: undefined when they give no role at all.
 *
 * @example identityOf('ci', { everywhere: null, locations: { shop: 'launcher' } }) // role: 'launcher'
 */
export function identityOf(user: string, { everywhere, locations }: Grants): Identity | undefined {
  const given = Object.entries(locations).filter(
    ([, role]) => everywhere === null || !mayAct(everywhere, role),
  );
  const roles = [everywhere, ...given.map(([, role]) => role)];
  const highest = ROLES.findLast((role) => roles.includes(role));
  if (highest === undefined) return undefined;
  if (given.length === 0) return { user, role: highest };
  return { user, role: highest, grants: { everywhere, locations: Object.fromEntries(given) } };
}

/** The same role in each of some code locations, and none elsewhere. */
export const grantsIn = (locations: readonly string[], role: Role): Grants => ({
  everywhere: null,
  locations: Object.fromEntries(locations.map((name) => [name, role])),
});

/**
 * Grants by the names of groups: `<prefix><role>` everywhere, `<prefix><role>:<location>` in one code location. The
 * highest of several counts; names of another form give nothing.
 */
export function grantsOfGroups(groups: unknown, prefix: string): Grants {
  const names: readonly unknown[] = Array.isArray(groups) ? groups : [];
  let everywhere: Role | null = null;
  const locations = new Map<string, Role>();
  for (const name of names) {
    if (typeof name !== 'string' || !name.startsWith(prefix)) continue;
    const [, said, location] = /^([a-z]+)(?::(.+))?$/s.exec(name.slice(prefix.length)) ?? [];
    const role = ROLES.find((each) => each === said);
    if (role === undefined) continue;
    if (location === undefined) everywhere = higher(everywhere, role);
    else locations.set(location, higher(locations.get(location) ?? null, role));
  }
  return { everywhere, locations: Object.fromEntries(locations) };
}

const higher = (a: Role | null, b: Role): Role => (a !== null && mayAct(a, b) ? a : b);

/** How a caller is told where they have which role. */
export function describeRoles({ user, role, grants }: Identity): string {
  if (grants === undefined) return `'${user}' is '${role}'`;
  const list = Object.entries(grants.locations).map(([name, granted]) => `'${granted}' in '${name}'`);
  const all = grants.everywhere === null ? [] : [`'${grants.everywhere}' everywhere`];
  return `'${user}' is ${[...list, ...all].join(', ')}`;
}
