/** Where people log in: `auth` of `/config.json`, written at deployment. A laptop's has none. */
export interface AuthSettings {
  /** `iss` of the tokens; below it lies `.well-known/openid-configuration`. */
  readonly issuer: string;
  /** A public client: it has no secret, PKCE stands in for one. */
  readonly clientId: string;
  /** Null where the issuer's own description tells it. The same for the next two. */
  readonly authorizationEndpoint: string | null;
  readonly tokenEndpoint: string | null;
  readonly logoutEndpoint: string | null;
}
