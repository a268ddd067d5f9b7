import { type Command, Option } from 'commander';
import { ROLES } from '../api/identity';
import type { HeadraceClient } from '../client';
import { lookUpEnvironment } from '../environment';
import type { SignedRole } from '../model/signed-routes';
import { type DebugOptions, debug } from './commands/debug';
import { type DlqOptions, listDeadLetters, replayDeadLetters } from './commands/dlq';
import { drain, forceFail, pauseAll, resumeAll } from './commands/operations';
import { plan } from './commands/plan';
import { type AddProfileOptions, addProfile, listProfiles } from './commands/profile';
import { type PushOptions, push } from './commands/push';
import { type CreateTokenOptions, createToken, listTokens, revokeToken, showToken } from './commands/token';
import { rollback, versions } from './commands/versions';
import { CliError } from './errors';
import { collect, count, countUpTo } from './option-values';
import type { Output } from './output';
import type { Profile } from './profiles';
import type { Project } from './project';

/** What the commands need of the program. */
export interface ProgramTools {
  readonly version: string;
  output(): Output;
  project(): Project;
  /** The project's folder; undefined outside of one. */
  projectRoot(): string | undefined;
  /** The one of `--profile`. */
  profile(): Profile | undefined;
  exit(code: Promise<number>): Promise<void>;
  /** @param role that a signed request has to have; default `editor` */
  onClient(
    use: (client: HeadraceClient, output: Output) => Promise<number | undefined>,
    role?: SignedRole,
  ): Promise<void>;
}

/** Commands for deployments: profiles, pushing code, and keeping it running. */
export function addDeploymentCommands(program: Command, tools: ProgramTools): void {
  program.commandsGroup('Deployments:');
  addProfileCommands(program, tools);
  addCodeCommands(program, tools);
  addTokenCommands(program, tools);
  program.commandsGroup('Keeping an instance running:');
  addOperations(program, tools);
}

/** @throws {CliError} when no deployment is named */
function deployment(tools: ProgramTools, command: string): Profile {
  const profile = tools.profile();
  if (profile !== undefined) return profile;
  throw new CliError(`${command} concerns a deployment, and none is named.`, {
    remedy: `npx headrace --profile <name> ${command} ...; npx headrace profile list shows them.`,
  });
}

function addProfileCommands(program: Command, tools: ProgramTools): void {
  const group = program.command('profile').description('the deployments that this CLI knows');
  group
    .command('add')
    .argument('<name>', 'e.g. prod')
    .description('add a deployment, or read its addresses again, from its CloudFormation stack')
    .option('--stack <name>', 'the stack with the functions', 'headrace')
    .option('--region <region>', 'its region; default AWS_REGION')
    .option('--token-env <variable>', 'environment variable with the token of its API')
    .option('--iam', 'sign requests as whoever is signed in to AWS, instead of showing a token')
    .option('--shared', 'write headrace.profiles.yaml of the project instead of your own file')
    .action((name: string, options: AddProfileOptions) =>
      tools.exit(
        addProfile(
          tools.projectRoot(),
          name,
          { ...options, defaultRegion: lookUpEnvironment('AWS_REGION') },
          tools.output(),
        ),
      ),
    );
  group
    .command('list')
    .description('all profiles and where they are said')
    .action(() => tools.exit(Promise.resolve(listProfiles(tools.projectRoot(), tools.output()))));
}

function addCodeCommands(program: Command, tools: ProgramTools): void {
  program
    .command('plan')
    .argument('<location>')
    .description('what pushing a location would change: against --profile, or the server that runs here')
    .option('--exit-code', 'exit with 2 when there is a difference')
    .action((name: string, options: { exitCode?: boolean }) =>
      tools.exit(plan(tools.project(), tools.profile(), name, options, tools.output())),
    );
  program
    .command('push')
    .argument('[location...]')
    .description('build locations and bring them into force on a deployment')
    .option('--all', 'all of workspace.yaml')
    .option('-y, --yes', 'do not ask')
    .action(async (names: string[], options: PushOptions) =>
      tools.exit(push(tools.project(), deployment(tools, 'push'), names, options, tools.output())),
    );
  program
    .command('rollback')
    .argument('<location>')
    .argument('[version]', 'or its first characters; default the one before')
    .description('bring an earlier version of a location into force')
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, version: string | undefined, options: { yes?: boolean }) =>
      tools.exit(rollback(deployment(tools, 'rollback'), name, version, options, tools.output())),
    );
  program
    .command('versions')
    .argument('<location>')
    .description('the versions of a location that were pushed, newest first')
    .action((name: string) => tools.onClient((client, out) => versions(client, name, out)));
}

function addTokenCommands(program: Command, tools: ProgramTools): void {
  const group = program.command('token').description('tokens by which programs call the API of a deployment');
  group
    .command('create')
    .argument('<name>', 'whom runs are said to be launched by, e.g. ci')
    .description('make a token; it is shown this once')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('launcher'))
    .option('--location <name>', 'only runs of this code location; repeatable', collect)
    .option('--expires-in-days <days>', 'at most 366', countUpTo(366), 90)
    .action((name: string, options: CreateTokenOptions) =>
      tools.onClient((client, out) => createToken(client, name, options, out), 'admin'),
    );
  group
    .command('show')
    .description('the token of the server of this machine')
    .action(() => tools.exit(showToken(tools.project(), tools.output())));
  group
    .command('list')
    .description('all that were not revoked')
    .action(() => tools.onClient((client, out) => listTokens(client, out), 'admin'));
  group
    .command('revoke')
    .argument('<token>', 'its id, or the first characters of it')
    .description('let nobody in with it any more')
    .option('-y, --yes', 'do not ask')
    .action((id: string, options: { yes?: boolean }) =>
      tools.onClient((client, out) => revokeToken(client, id, options, out), 'admin'),
    );
}

function addOperations(program: Command, tools: ProgramTools): void {
  for (const [name, description, run] of [
    ['pause', 'stop all schedules, sensors and the queue; runs in progress go on', pauseAll],
    ['resume', 'end a pause or a drain', resumeAll],
  ] as const) {
    program
      .command(name)
      .description(description)
      .option('--all', 'the whole instance')
      .action((options: { all?: boolean }) =>
        tools.onClient((client, out) => run(client, options, out), 'admin'),
      );
  }
  program
    .command('drain')
    .description('start no more runs, and wait until those in progress have ended')
    .option('--timeout <seconds>', 'give up waiting after so long', count)
    .action((options: { timeout?: number }) =>
      tools.onClient((client, out) => drain(client, options, out), 'admin'),
    );
  program
    .command('force-fail')
    .argument('<run>', 'run id, or its first characters')
    .description('mark a run as failed, whatever its worker does, and stop the worker')
    .requiredOption('--reason <text>', 'why, for the run’s page')
    .option('-y, --yes', 'do not ask')
    .action((run: string, options: { reason: string; yes?: boolean }) =>
      tools.onClient((client, out) => forceFail(client, run, options, out)),
    );
  program
    .command('debug')
    .argument('<run>', 'run id, or its first characters')
    .description('write one archive with all that is known about a run')
    .option('-o, --output <file>', 'default headrace-debug-<run>.tar.gz')
    .action((run: string, options: DebugOptions) =>
      tools.onClient((client, out) => debug(client, run, options, { cli: tools.version }, out)),
    );
  addDeadLetters(program, tools);
}

function addDeadLetters(program: Command, tools: ProgramTools): void {
  const group = program.command('dlq').description('events of a deployment that failed for good');
  group
    .command('list')
    .description('show them; they stay where they are')
    .option('--limit <n>', 'how many', count, 100)
    .action(async (options: DlqOptions) =>
      tools.exit(listDeadLetters(deployment(tools, 'dlq list'), options, tools.output())),
    );
  group
    .command('replay')
    .description('send them again to the functions that they were for')
    .option('--limit <n>', 'how many', count, 100)
    .option('--id <prefix>', 'only this one; repeatable', collect)
    .option('--function <name>', 'function for events that do not say theirs')
    .option('-y, --yes', 'do not ask')
    .action(async (options: DlqOptions) =>
      tools.exit(replayDeadLetters(deployment(tools, 'dlq replay'), options, tools.output())),
    );
}
