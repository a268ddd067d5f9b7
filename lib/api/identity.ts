/** What a caller may do, each including the ones before it. */
export const ROLES = ['viewer', 'launcher', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who calls. */
export interface Identity {
  /** Name put on the runs they launch. */
  readonly user: string;
  readonly role: Role;
  /** Code locations that they are limited to; absent = all. */
  readonly locations?: readonly string[];
}

/** Whether a role covers what an action needs. */
export function mayAct(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
