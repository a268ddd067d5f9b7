import { CommanderError } from 'commander';
import { awsRemedy } from '../adapters/aws/aws-remedy';
import { ClientError } from '../client';
import { SIGNED_ROUTES } from '../model/signed-routes';
import { CliError, EXIT } from './errors';

/** Names of errors whose message says everything a person needs: what, where, why, what to do. */
const EXPLAINED: Readonly<Record<string, number>> = {
  SettingsError: EXIT.usage,
  EnvironmentError: EXIT.usage,
  BuildError: EXIT.failed,
  EmbeddedPostgresError: EXIT.system,
  SchemaError: EXIT.system,
  PortError: EXIT.system,
  AwsServiceError: EXIT.system,
};

/** What the CLI prints, unless it is empty, and how it exits when a command throws: a stack trace only for what nobody foresaw. */
export function explainFailure(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof CliError)
    return { text: withRemedy(error.message, error.remedy), exitCode: error.exitCode };
  // Said already, where it was found; what was asked for, such as help, is no failure.
  if (error instanceof CommanderError)
    return { text: '', exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.usage };
  if (error instanceof ClientError) {
    const details = (error.problem?.errors ?? [])
      .map(({ path, message }) => `${path}: ${message}`)
      // Some messages hold them already.
      .filter((line) => !error.message.includes(line))
      .map((line) => `\n  ${line}`)
      .join('');
    const isOurs = error.status === 0 || error.status >= 500;
    return {
      text: withRemedy(error.message + details, error.problem?.remedy ?? gatewayRemedy(error)),
      exitCode: isOurs ? EXIT.system : EXIT.usage,
    };
  }
  if (!(error instanceof Error)) return { text: String(error), exitCode: EXIT.system };
  const exitCode = EXPLAINED[error.name];
  if (exitCode !== undefined) {
    const remedy = 'service' in error && 'code' in error ? awsRemedy(String(error.code)) : undefined;
    return { text: withRemedy(error.message, remedy), exitCode };
  }
  return {
    text: `${error.stack ?? error.message}\nThis was not foreseen. Please report it with what you did.`,
    exitCode: EXIT.system,
  };
}

/** API Gateway's own refusal says nothing but "Forbidden". */
function gatewayRemedy({ status, problem }: ClientError): string | undefined {
  if (status !== 403 || problem !== undefined) return undefined;
  return `IAM does not let you call this: it takes execute-api:Invoke on ${SIGNED_ROUTES.editor}/* of the API, and on ${SIGNED_ROUTES.admin}/* for tokens, pause, resume and drain (policy <instance>-admin).`;
}

const withRemedy = (message: string, remedy: string | undefined): string =>
  remedy === undefined ? message : `${message}\n${remedy}`;
