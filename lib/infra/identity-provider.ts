import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolUser,
  CfnUserPoolUserToGroupAttachment,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { IdentitySettings } from '../model/identity-settings';

/** Whose tokens are taken for people. */
export interface OidcIssuer {
  /** `iss` of its tokens, e.g. `https://login.example.com/`. */
  readonly issuer: string;
  /** Public client of the dashboard (authorization code with PKCE). */
  readonly clientId: string;
  /**
   * Where tokens are asked for, when that has another origin than the issuer (Google's is
   * `https://oauth2.googleapis.com/token`): pages may call no origin that is not known at deployment. Default: what the
   * issuer describes, on its own origin.
   */
  readonly tokenEndpoint?: string;
  /** `aud` of access tokens; default the client id. */
  readonly audience?: string;
  /** Claim that holds the names of a person's groups. Default `groups`. */
  readonly groupsClaim?: string;
}

export interface IdentityProviderProps {
  /** An issuer of your own; default a Cognito user pool. */
  readonly oidc?: OidcIssuer | undefined;
  /** E-mail address of the first admin in the user pool; gets a temporary password. */
  readonly firstAdmin?: string | undefined;
  /** First label of the user pool's address; unique in the region, over all accounts. */
  readonly loginDomain: string;
  /** Where log-in may return to, e.g. `https://headrace.example.com`. */
  readonly dashboardUrl: string;
  readonly removalPolicy: RemovalPolicy;
}

/** Roles, which are groups of the user pool. */
const ROLES = ['viewer', 'launcher', 'editor', 'admin'];
const GROUP_PREFIX = 'headrace-';

/** Where people log in: a Cognito user pool with PKCE and MFA, or any OIDC issuer. */
export class IdentityProvider extends Construct {
  readonly settings: IdentitySettings;

  constructor(scope: Construct, id: string, props: IdentityProviderProps) {
    super(scope, id);
    this.settings = props.oidc === undefined ? this.createUserPool(props) : ofIssuer(props.oidc);
  }

  private createUserPool({
    firstAdmin,
    loginDomain,
    dashboardUrl,
    removalPolicy,
  }: IdentityProviderProps): IdentitySettings {
    const pool = new UserPool(this, 'Users', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 14,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy,
    });
    for (const role of ROLES) pool.addGroup(role, { groupName: `${GROUP_PREFIX}${role}` });
    const client = pool.addClient('Dashboard', {
      generateSecret: false,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [`${dashboardUrl}/`],
        logoutUrls: [`${dashboardUrl}/`],
      },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(7),
    });
    pool.addDomain('LogIn', { cognitoDomain: { domainPrefix: loginDomain } });
    if (firstAdmin !== undefined) addAdmin(this, pool, firstAdmin);
    return cognitoSettings(this, pool, client, cognitoOrigin(this, loginDomain));
  }
}

/** Where people of a user pool log in; known before the pool is. */
export const cognitoOrigin = (scope: Construct, loginDomain: string): string =>
  `https://${loginDomain}.auth.${Stack.of(scope).region}.amazoncognito.com`;

function addAdmin(scope: Construct, pool: UserPool, email: string): void {
  const user = new CfnUserPoolUser(scope, 'FirstAdmin', {
    userPoolId: pool.userPoolId,
    username: email,
    userAttributes: [
      { name: 'email', value: email },
      { name: 'email_verified', value: 'true' },
    ],
  });
  const group = new CfnUserPoolUserToGroupAttachment(scope, 'FirstAdminRole', {
    userPoolId: pool.userPoolId,
    username: email,
    groupName: `${GROUP_PREFIX}admin`,
  });
  group.addResourceDependency(user);
  group.node.addDependency(pool);
}

function cognitoSettings(
  scope: Construct,
  pool: UserPool,
  client: UserPoolClient,
  domain: string,
): IdentitySettings {
  return {
    issuer: `https://cognito-idp.${Stack.of(scope).region}.amazonaws.com/${pool.userPoolId}`,
    clientId: client.userPoolClientId,
    // Cognito's access tokens carry the client as `client_id`, and no audience.
    audience: client.userPoolClientId,
    groupsClaim: 'cognito:groups',
    groupPrefix: GROUP_PREFIX,
    authorizationEndpoint: `${domain}/oauth2/authorize`,
    tokenEndpoint: `${domain}/oauth2/token`,
    logoutEndpoint: `${domain}/logout`,
  };
}

const ofIssuer = ({
  issuer,
  clientId,
  audience,
  groupsClaim,
  tokenEndpoint,
}: OidcIssuer): IdentitySettings => ({
  issuer,
  clientId,
  audience: audience ?? clientId,
  groupsClaim: groupsClaim ?? 'groups',
  groupPrefix: GROUP_PREFIX,
  // Null is found in the issuer's `.well-known/openid-configuration`.
  authorizationEndpoint: null,
  tokenEndpoint: tokenEndpoint ?? null,
  logoutEndpoint: null,
});
