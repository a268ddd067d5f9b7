import type { ApiTokenView, HeadraceClient, NewApiToken } from '../../client';
import { confirm } from '../confirm';
import { CliError, EXIT } from '../errors';
import { instant } from '../format';
import { readServerToken } from '../local-server/server-token';
import type { Output } from '../output';
import type { Project } from '../project';

export interface CreateTokenOptions {
  readonly role: NonNullable<NewApiToken['role']>;
  /** Code locations that it is limited to. */
  readonly location?: readonly string[];
  readonly expiresInDays: number;
}

/** `headrace token create`: the token alone goes to standard output, so that it can be piped to where it is kept. */
export async function createToken(
  client: HeadraceClient,
  name: string,
  { role, location, expiresInDays }: CreateTokenOptions,
  output: Output,
): Promise<number> {
  const created = await client.createToken({
    name,
    role,
    expiresInDays,
    ...(location === undefined ? {} : { locations: location }),
  });
  output.result(created, () => {
    output.note(`Token ${created.id} of ${inWords(created)}. It is shown this once:`);
    output.line(created.token);
  });
  return EXIT.ok;
}

/**
 * `headrace token show`: what the server of this machine asks for, to be put into a request.
 *
 * @throws {CliError} no server was started yet
 */
export async function showToken(project: Project, output: Output): Promise<number> {
  const token = project.environment.HEADRACE_TOKEN || readServerToken(project.home);
  if (token === undefined) {
    throw new CliError(`There is no token in ${project.home}: no server was started there yet.`, {
      remedy: 'Start one with npx headrace dev.',
    });
  }
  output.result({ token }, () => output.line(token));
  return EXIT.ok;
}

/** `headrace token list` */
export async function listTokens(client: HeadraceClient, output: Output): Promise<number> {
  const tokens = await client.listTokens();
  output.result(tokens, () =>
    output.table(
      ['id', 'name', 'role', 'locations', 'made by', 'made', 'expires', 'last used'],
      tokens.map(({ id, name, role, locations, createdBy, createdAt, expiresAt, lastUsedAt }) => [
        id,
        name,
        role,
        locations?.join(', ') ?? 'all',
        createdBy,
        instant(createdAt),
        instant(expiresAt),
        lastUsedAt === null ? 'never' : instant(lastUsedAt),
      ]),
      'There is no token.',
    ),
  );
  return EXIT.ok;
}

/** `headrace token revoke` */
export async function revokeToken(
  client: HeadraceClient,
  prefix: string,
  options: { readonly yes?: boolean },
  output: Output,
): Promise<number> {
  const found = (await client.listTokens()).filter(({ id }) => id.startsWith(prefix));
  const [token] = found;
  if (token === undefined || found.length > 1) {
    throw new CliError(
      found.length > 1
        ? `${found.length} tokens begin with "${prefix}": ${found.map(({ id }) => id).join(', ')}.`
        : `There is no token "${prefix}".`,
      { remedy: 'npx headrace token list shows the ids of all.' },
    );
  }
  if (!(await confirm(`Revoke token ${token.id} of ${inWords(token)}?`, options))) {
    output.note('Nothing was changed.');
    return EXIT.failed;
  }
  const revoked = await client.revokeToken(token.id);
  output.result(revoked, () =>
    output.line(
      `Token ${token.id} of ${token.name} is revoked. On AWS, API Gateway remembers for up to a minute whom it has let in.`,
    ),
  );
  return EXIT.ok;
}

const inWords = ({ name, role, locations, expiresAt }: ApiTokenView): string =>
  `${name} (${role}${locations === null ? '' : ` for ${locations.join(', ')}`}, until ${instant(expiresAt)})`;
