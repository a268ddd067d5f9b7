import { Fn, Token } from 'aws-cdk-lib';
import type { OidcIssuer } from './identity-provider';

/** Origins that the dashboard's pages call to log people in: they may call no others. */
export function loginOrigins({ issuer, tokenEndpoint }: OidcIssuer): readonly string[] {
  const called = tokenEndpoint === undefined ? [issuer] : [issuer, tokenEndpoint];
  return [...new Set(called.map(originOf))];
}

/** Of an https address, which may be known at deployment only. */
function originOf(url: string): string {
  return Token.isUnresolved(url) ? `https://${Fn.select(2, Fn.split('/', url))}` : new URL(url).origin;
}
