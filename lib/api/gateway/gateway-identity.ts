import { z } from 'zod';
import { grantsIn, identityOf } from '../access';
import { type Grants, type Identity, ROLES, type Role } from '../identity';
import { type GatewayRequest, signedRole } from './gateway-event';

/** What the authorizer tells the functions behind API Gateway: texts only. */
export type AuthorizerContext = CallerContext | UndecidedContext;

/** Who calls. */
export interface CallerContext {
  readonly principal: string;
  readonly role: Role;
  /** JSON of `Grants`; absent = the role everywhere. */
  readonly grants?: string;
  /** JSON list of code locations, without `grants` those where the role is given. */
  readonly locations?: string;
}

/** The database did not say in time whose token it is. */
export interface UndecidedContext {
  readonly undecided: 'true';
}

/** Who calls, as API Gateway has found out; undefined: nobody that it vouches for. */
export function gatewayIdentity(
  event: Pick<GatewayRequest, 'rawPath' | 'requestContext'>,
): Identity | undefined {
  const { authorizer } = event.requestContext;
  const signed = signedRole(event);
  if (signed !== undefined) {
    const user = authorizer?.iam?.userArn;
    return user === undefined ? undefined : { user, role: signed };
  }
  const { principal, role, grants, locations } = (authorizer?.lambda ?? {}) as Partial<
    Record<string, unknown>
  >;
  const known = ROLES.find((each) => each === role);
  if (typeof principal !== 'string' || known === undefined) return undefined;
  if (grants === undefined && locations === undefined) return { user: principal, role: known };
  const read = grants === undefined ? readLocations(locations, known) : readGrants(grants);
  return read === undefined ? undefined : identityOf(principal, read);
}

/** Whether the authorizer let a call through because it could not find out in time who calls. */
export function isUndecided(event: Pick<GatewayRequest, 'rawPath' | 'requestContext'>): boolean {
  const { undecided } = (event.requestContext.authorizer?.lambda ?? {}) as Partial<Record<string, unknown>>;
  return signedRole(event) === undefined && undecided === 'true';
}

const roleSchema = z.enum(ROLES);
const grantsSchema = z.strictObject({
  everywhere: roleSchema.nullable(),
  locations: z.record(z.string(), roleSchema),
});

/** Undefined when they cannot be read: who is behind the gateway then serves nobody. */
function readGrants(text: unknown): Grants | undefined {
  return grantsSchema.safeParse(parseJson(text)).data;
}

function readLocations(text: unknown, role: Role): Grants | undefined {
  const list = z.array(z.string()).safeParse(parseJson(text)).data;
  return list === undefined ? undefined : grantsIn(list, role);
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
