import { dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { HeadraceClient } from '../client';
import type { SignedRole } from '../model/signed-routes';
import { build } from './commands/build';
import { type DevOptions, dev } from './commands/dev';
import { doctor } from './commands/doctor';
import { doctorAws } from './commands/doctor-aws';
import type { PythonLookup } from './commands/doctor-checks';
import { initProject } from './commands/init';
import { type Family, listInstigators, previewInstigator, switchInstigator } from './commands/instigators';
import { type LogsOptions, logs } from './commands/logs';
import { migrateDatabase } from './commands/migrate';
import { type RunOptions, run } from './commands/run';
import { cancelRun, listRuns, type RunsOptions } from './commands/runs';
import { listTicks } from './commands/schedule-ticks';
import { listEvents, replayEvents, type SendOptions, sendEvent } from './commands/sensor-events';
import { EXIT } from './errors';
import { collect, countUpTo, integer, portNumber } from './option-values';
import { type Output, processOutput } from './output';
import { profileClient } from './profile-client';
import { findProfile, type Profile } from './profiles';
import { addAssetCommands } from './program-assets';
import { addBackfillCommands } from './program-backfills';
import { addDeploymentCommands } from './program-deployment';
import { findRoot, openProject, type Project, readDotenv } from './project';
import { withClient } from './with-client';

/** What the program needs from its entry point. */
export interface ProgramContext {
  /** This package's `dist` folder. */
  readonly distribution: string;
  readonly version: string;
  readonly python: PythonLookup;
  /** Told the exit code of the command that ran. */
  onExitCode(code: number): void;
}

/** The commands behind `npx headrace`. Each prints for people, or JSON with `--json`. */
export function createProgram(context: ProgramContext): Command {
  const program = new Command('headrace')
    .description('A data orchestrator: assets, jobs, schedules and sensors in TypeScript.')
    .version(context.version)
    .option('--json', 'print the result as JSON')
    .option('-C, --project <folder>', 'the project’s folder, default the current one')
    .option('--profile <name>', 'the deployment to talk to: see headrace profile')
    .showHelpAfterError('(add --help for how to call it)')
    // Thrown instead of ending the process, so that wrong arguments have the exit code that they have everywhere.
    .exitOverride()
    // Each command says --json, --project and --profile too.
    .configureHelp({ showGlobalOptions: true });
  const options = () => program.opts<{ json?: boolean; project?: string; profile?: string }>();
  const output = (): Output => processOutput(options().json === true);
  const folder = (): string => options().project ?? process.cwd();
  const project = (): Project => openProject(folder(), context.distribution);
  const profile = (): Profile | undefined => {
    const { profile: name } = options();
    if (name === undefined) return undefined;
    const root = findRoot(folder());
    if (root !== undefined) readDotenv(root);
    return findProfile(root, name);
  };
  const exit = async (code: Promise<number>): Promise<void> => context.onExitCode(await code);
  const onClient = (
    use: (client: HeadraceClient, output: Output) => Promise<number | undefined>,
    role?: SignedRole,
  ): Promise<void> => {
    const out = output();
    const run = async (client: HeadraceClient): Promise<number> => (await use(client, out)) ?? EXIT.ok;
    const chosen = profile();
    if (chosen === undefined) return exit(withClient(project(), out, run));
    return exit(profileClient(chosen, role).then(run));
  };

  program
    .commandsGroup('A project:')
    .command('init')
    .argument('[folder]', 'default: the current one')
    .description('write a small project that runs as it is')
    .action((target: string | undefined) =>
      initProject(
        resolve(folder(), target ?? '.'),
        { version: context.version, folder: dirname(context.distribution) },
        output(),
      ),
    );

  program
    .command('dev')
    .description('run everything on this machine: database, schedules, run queue, API and dashboard')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--port <port>',
      'port of dashboard and API; 0 = any free one (default 3000, or HEADRACE_PORT)',
      portNumber,
    )
    .option('--main-job', 'run the main job of headrace.yaml first')
    .option('--once', 'run the main job and exit with its status')
    .option(
      '--inspect [port]',
      'let debuggers attach to the processes of user code: from this port upwards (default 9229)',
      portNumber,
    )
    .option('--no-services', 'start none of the development services of headrace.yaml')
    .action((options: DevOptions) => exit(dev(project(), options, output())));

  program
    .command('build')
    .argument('[location]', 'default: all of workspace.yaml')
    .description('build code locations into bundles, and say what is wrong with them')
    .action((location: string | undefined) => exit(build(project(), location, output())));

  program
    .commandsGroup('Runs:')
    .command('run')
    .argument('<job or asset selection>', 'e.g. ingest, raw/earthquakes, or raw/earthquakes+')
    .description('launch a run')
    .option('--location <name>', 'code location of the job, when the name is not unique')
    .option('--partition <key>', 'partition key, or first...last for a range')
    .option('--tag <key=value>', 'tag of the run; repeatable', collect)
    .option('--config <file>', 'YAML or JSON file with the run config')
    .option('--priority <n>', 'higher first', integer)
    .option('--after <run or job>', 'start after its success; repeatable', collect)
    .option('--after-end', 'with --after: start also after a failure')
    .option('--after-any', 'with --after: any of them is enough')
    .option('--idempotency-key <key>', 'the same key never launches twice')
    .option('--wait', 'follow the run and exit with its status')
    .action((target: string, options: RunOptions) =>
      onClient((client, out) => run(client, target, options, out)),
    );

  program
    .command('runs')
    .description('list runs, newest first')
    .option('--job <names>', 'comma-separated; runs of any of them')
    .option('--status <statuses>', 'comma-separated, e.g. failure,canceled')
    .option('--tag <key=value>', 'repeatable; all must match', collect)
    .option('--limit <n>', 'how many, at most 1,000', countUpTo(1_000), 20)
    .action((options: RunsOptions) =>
      onClient(async (client, out) => void (await listRuns(client, options, out)) as undefined),
    );

  program
    .command('logs')
    .argument('<run>', 'run id, or its first characters')
    .description('print a run’s event log, or what a step printed')
    .option('--step <key>', 'captured output of this step')
    .option('--try <n>', 'which try of the step, default the last', integer)
    .option('--stderr', 'standard error instead of standard output')
    .option('-f, --follow', 'wait for more until the run ends')
    .action((runId: string, options: LogsOptions) =>
      onClient((client, out) => logs(client, runId, options, out)),
    );

  program
    .command('cancel')
    .argument('<run>', 'run id, or its first characters')
    .description('cancel a run')
    .option('--force', 'mark it canceled at once, whatever its worker does')
    .action((runId: string, options: { force?: boolean }) =>
      onClient(async (client, out) => void (await cancelRun(client, runId, options, out)) as undefined),
    );

  addBackfillCommands(program, { onClient });
  program.commandsGroup('Assets, schedules, sensors:');
  addAssetCommands(program, { onClient });

  for (const family of ['schedule', 'sensor'] as const) addFamily(program, family, onClient);

  program
    .commandsGroup('A project:')
    .command('migrate')
    .description('bring the database’s schema up to this version')
    .action(() => exit(migrateDatabase(project(), output())));

  program
    .command('doctor')
    .description('check versions, ports, disk and credentials, and say how to mend each')
    .addOption(new Option('--port <port>', 'port to check').argParser(portNumber))
    .option('--aws', 'check an AWS account and region instead of this machine')
    .option('--region <region>', 'with --aws; default that of --profile, or AWS_REGION')
    .action(async ({ aws, region, port }: { aws?: boolean; region?: string; port?: number }) =>
      exit(
        aws === true
          ? doctorAws(profile(), region, output())
          : doctor(folder(), context.distribution, context.python, port, output()),
      ),
    );

  addDeploymentCommands(program, {
    version: context.version,
    output,
    project,
    projectRoot: () => findRoot(folder()),
    profile,
    exit,
    onClient,
  });

  return program;
}

function addFamily(
  program: Command,
  family: Family,
  onClient: (use: (client: HeadraceClient, output: Output) => Promise<number | undefined>) => Promise<void>,
): void {
  const more = family === 'schedule' ? 'list what became of their ticks' : 'send them events';
  const group = program.command(family).description(`turn ${family}s on and off, preview them, ${more}`);
  group
    .command('list')
    .description(`all ${family}s with their status and next tick`)
    .action(() => onClient((client, out) => listInstigators(client, family, out)));
  for (const [name, on] of [
    ['start', true],
    ['stop', false],
  ] as const) {
    group
      .command(name)
      .argument('<name>')
      .description(`turn a ${family} ${on ? 'on' : 'off'}`)
      .action((target: string) =>
        onClient((client, out) => switchInstigator(client, family, target, on, out)),
      );
  }
  const preview = group
    .command('preview')
    .argument('<name>')
    .description('evaluate without launching anything');
  if (family === 'schedule') {
    group
      .command('ticks')
      .argument('<name>')
      .description('what it did, what it missed and why, and what comes next')
      .option('--limit <n>', 'how many of the past, at most 100', countUpTo(100), 20)
      .action((target: string, options: { limit: number }) =>
        onClient((client, out) => listTicks(client, target, options.limit, out)),
      );
    preview.option('--at <instant>', 'as if it ticked then, e.g. 2026-11-23T06:00:00Z');
  } else {
    preview.option('--cursor <cursor>', 'as if this were its cursor');
    addEventCommands(group, onClient);
  }
  preview.action((target: string, options: { at?: string; cursor?: string }) =>
    onClient((client, out) => previewInstigator(client, family, target, options, out)),
  );
}

/** Of sensors that take events. */
function addEventCommands(
  group: Command,
  onClient: (use: (client: HeadraceClient, output: Output) => Promise<number | undefined>) => Promise<void>,
): void {
  group
    .command('send')
    .argument('<name>')
    .description('send an event to a sensor, as what pushes its events would')
    .requiredOption('--body <file>', 'JSON file, - for standard input, or the JSON itself')
    .option('--id <id>', 'id of the event; the same id is evaluated once (default a new one)')
    .action((name: string, options: SendOptions) =>
      onClient((client, out) => sendEvent(client, name, options, out)),
    );
  group
    .command('events')
    .argument('<name>')
    .description('list the events that a sensor was sent')
    .option('--limit <n>', 'how many, at most 100', countUpTo(100), 20)
    .action((name: string, options: { limit: number }) =>
      onClient((client, out) => listEvents(client, name, options, out)),
    );
  group
    .command('replay')
    .argument('<name>')
    .argument('[events...]', 'ids of failed events; default all')
    .description('evaluate failed events of a sensor again')
    .action((name: string, events: string[]) =>
      onClient((client, out) => replayEvents(client, name, events, out)),
    );
}
