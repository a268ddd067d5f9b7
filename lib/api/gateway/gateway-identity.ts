import { type Identity, ROLES, type Role } from '../identity';
import { type GatewayRequest, signedRole } from './gateway-event';

/** What the authorizer tells the functions behind API Gateway: texts only. */
export type AuthorizerContext = CallerContext | UndecidedContext;

/** Who calls. */
export interface CallerContext {
  readonly principal: string;
  readonly role: Role;
  /** JSON list; absent = all locations. */
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
  const { principal, role, locations } = (authorizer?.lambda ?? {}) as Partial<Record<string, unknown>>;
  const known = ROLES.find((each) => each === role);
  if (typeof principal !== 'string' || known === undefined) return undefined;
  if (locations === undefined) return { user: principal, role: known };
  const list = parseList(locations);
  return list === undefined ? undefined : { user: principal, role: known, locations: list };
}

/** Whether the authorizer let a call through because it could not find out in time who calls. */
export function isUndecided(event: Pick<GatewayRequest, 'rawPath' | 'requestContext'>): boolean {
  const { undecided } = (event.requestContext.authorizer?.lambda ?? {}) as Partial<Record<string, unknown>>;
  return signedRole(event) === undefined && undecided === 'true';
}

function parseList(text: unknown): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    const isList = Array.isArray(value) && value.every((each) => typeof each === 'string');
    return isList ? (value as string[]) : undefined;
  } catch {
    return undefined;
  }
}
