import { CliError, EXIT } from '../errors';
import type { Output } from '../output';
import { profileFiles, readProfiles, writeProfile } from '../profiles';

export interface AddProfileOptions {
  readonly stack: string;
  readonly region?: string;
  readonly tokenEnv?: string;
  /** Sign requests instead of showing a token. */
  readonly iam?: boolean;
  /** Into the project's file, for everybody who works on it. */
  readonly shared?: boolean;
}

/** `headrace profile add <name>`: a profile from what the deployed stack says of itself. */
export async function addProfile(
  root: string | undefined,
  name: string,
  options: AddProfileOptions & { readonly defaultRegion: string | undefined },
  output: Output,
): Promise<number> {
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    throw new CliError(`"${name}" is no name of a profile.`, {
      remedy: 'Make it of letters, digits, - and _, e.g. prod.',
    });
  }
  const region = options.region ?? options.defaultRegion;
  if (region === undefined) {
    throw new CliError('The region of the deployment is not said.', {
      remedy: 'Say --region eu-central-1, or set AWS_REGION.',
    });
  }
  const files = profileFiles(root);
  const file = options.shared === true ? files.at(-2) : files.at(-1);
  if (file === undefined) {
    throw new CliError('--shared writes into a project, and there is none here.', {
      remedy: 'Go to the project’s folder, or leave --shared out.',
    });
  }
  const { readDeploymentOutputs } = await import('../../adapters/aws/deployment-outputs');
  const outputs = await readDeploymentOutputs({ region, stack: options.stack });
  const profile = {
    url: outputs.apiUrl,
    ...(options.iam === true ? { auth: 'iam' as const } : {}),
    ...(options.tokenEnv === undefined ? {} : { token_env: options.tokenEnv }),
    region,
    stack: options.stack,
    bundles_bucket: outputs.bundlesBucket,
    register_function: outputs.registerFunction,
    ...(outputs.deadLettersQueue === undefined ? {} : { dead_letters_queue: outputs.deadLettersQueue }),
  };
  writeProfile(file, name, profile);
  output.result({ name, file, ...profile }, () => {
    output.line(`Profile ${name} is in ${file}.`);
    output.line(`Dashboard: ${outputs.url}`);
    output.line(`Try it: npx headrace --profile ${name} runs`);
  });
  return EXIT.ok;
}

/** `headrace profile list` */
export function listProfiles(root: string | undefined, output: Output): number {
  const profiles = readProfiles(root);
  output.result(profiles, () =>
    output.table(
      ['profile', 'url', 'region', 'stack', 'access', 'file'],
      profiles.map((each) => [
        each.name,
        each.url,
        each.region,
        each.stack,
        each.auth === 'iam' ? 'AWS sign-in' : (each.tokenEnv ?? 'HEADRACE_TOKEN'),
        each.file,
      ]),
      'No profiles. Add one: npx headrace profile add <name> --stack headrace --region <region>',
    ),
  );
  return EXIT.ok;
}
