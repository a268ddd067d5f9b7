/** Settings of the authorizer and of the dashboard's log-in. */
export interface IdentitySettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly audience: string;
  readonly groupsClaim: string;
  /** Group whose members are admins: `headrace-admin`, and so on for `editor`, `launcher`, `viewer`. */
  readonly groupPrefix: string;
  readonly authorizationEndpoint: string | null;
  readonly tokenEndpoint: string | null;
  readonly logoutEndpoint: string | null;
}
