import { type Identity, ROLES, type Role } from '../identity';
import { type GatewayRequest, isSigned } from './gateway-event';

/** What the authorizer tells the functions behind API Gateway of a caller: texts only. */
export interface AuthorizerContext {
  readonly principal: string;
  readonly role: Role;
  /** JSON list; absent = all locations. */
  readonly locations?: string;
}

/**
 * What a caller may do who signed with SigV4. Whether one may call at all, and what, is said by IAM policies on the
 * API's routes.
 */
const SIGNED_ROLE: Role = 'editor';

/** Who calls, as API Gateway has found out; undefined: nobody that it vouches for. */
export function gatewayIdentity(
  event: Pick<GatewayRequest, 'rawPath' | 'requestContext'>,
): Identity | undefined {
  const { authorizer } = event.requestContext;
  if (isSigned(event)) {
    const user = authorizer?.iam?.userArn;
    return user === undefined ? undefined : { user, role: SIGNED_ROLE };
  }
  const { principal, role, locations } = (authorizer?.lambda ?? {}) as Partial<Record<string, unknown>>;
  const known = ROLES.find((each) => each === role);
  if (typeof principal !== 'string' || known === undefined) return undefined;
  if (locations === undefined) return { user: principal, role: known };
  const list = parseList(locations);
  return list === undefined ? undefined : { user: principal, role: known, locations: list };
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
