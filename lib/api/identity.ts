/** What a caller may do, each including the ones before it. */
export const ROLES = ['viewer', 'launcher', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who calls. */
export interface Identity {
  /** Name put on the runs they launch. */
  readonly user: string;
  /** The highest that they have anywhere. */
  readonly role: Role;
  /** Where they have which role; absent = `role` in the whole deployment. */
  readonly grants?: Grants;
}

/** Roles of a caller who has not the same one everywhere. */
export interface Grants {
  /** In the deployment as a whole, and in every code location; null = in none but those listed. */
  readonly everywhere: Role | null;
  /** By the name of a code location. */
  readonly locations: Readonly<Record<string, Role>>;
}

/** Whether a role covers what an action needs. */
export function mayAct(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
