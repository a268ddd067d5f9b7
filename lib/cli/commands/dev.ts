import type { HeadraceClient } from '../../client';
import { addToEnvironment } from '../../environment';
import { createCliClient } from '../cli-client';
import { EXIT } from '../errors';
import { signInLink } from '../local-server/server-token';
import { startLocalServer } from '../local-server/start-local-server';
import { watchMainJob } from '../local-server/watch-main-job';
import type { Output } from '../output';
import type { Project } from '../project';

export interface DevOptions {
  readonly host: string;
  readonly port?: number;
  /** Run the main job of headrace.yaml once everything is up. */
  readonly mainJob?: boolean;
  /** End when the main job has ended, with its status. */
  readonly once?: boolean;
  /** First port for debuggers of user code; true = the default one. */
  readonly inspect?: number | true;
  /** `--no-services`: start none of the development services. */
  readonly services: boolean;
}

const DEFAULT_PORT = 3000;
/** Where debuggers look first: Node's own default. */
const DEFAULT_INSPECTOR_PORT = 9229;

/**
 * `headrace dev`: everything on this machine, until Ctrl-C. With the main job it is what `npm start` does.
 */
export async function dev(project: Project, options: DevOptions, output: Output): Promise<number> {
  const { inspect } = options;
  if (inspect !== undefined)
    addToEnvironment({ HEADRACE_INSPECT: String(inspect === true ? DEFAULT_INSPECTOR_PORT : inspect) });
  const interrupted = untilInterrupted();
  const c = output.colours;
  const server = await startLocalServer({
    project,
    host: options.host,
    port: options.port ?? project.environment.HEADRACE_PORT ?? DEFAULT_PORT,
    schedules: options.once !== true || project.settings.dev.mainJob.length > 0,
    services: options.services,
    watch: options.once !== true,
    databaseUrl: project.environment.DATABASE_URL,
    token: project.environment.HEADRACE_TOKEN,
    onProgress: (line) => output.note(c.dim(`· ${line}`)),
    onLog: (line) => output.note(c.dim(line)),
  });
  try {
    const client = createCliClient({ url: server.url, token: server.token, pollMs: 250 });
    await reportLocations(client, output);
    const link = signInLink(server.url, server.token);
    // What runs once has nobody to sign in, and its output is kept where others read it.
    output.line(`Headrace is up at ${options.once === true ? server.url : link}`);
    let exitCode: number = EXIT.ok;
    if (options.mainJob === true || options.once === true) {
      const watched = await Promise.race([
        watchMainJob(client, project.settings.dev.mainJob, output),
        interrupted,
      ]);
      if (watched === 'interrupted') return EXIT.interrupted;
      exitCode = watched;
    }
    if (options.once === true) return exitCode;
    // What the main job said stands between the link and the end of the screen.
    const again = options.mainJob === true ? `Dashboard: ${c.bold(link)}   ` : '';
    output.line(`\n${again}Schedules and sensors that are on tick by themselves; Ctrl-C stops everything.`);
    await interrupted;
    return EXIT.ok;
  } finally {
    output.note(c.dim('· stopping'));
    await server.close();
  }
}

/** Signals that arrive within so long are one request to stop. */
const SAME_REQUEST_MS = 1_000;

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
function untilInterrupted(): Promise<'interrupted'> {
  return new Promise((resolve) => {
    let asked = Number.POSITIVE_INFINITY;
    const ask = (): void => {
      // One request may come twice, to the group and from the parent that passes it on.
      if (performance.now() - asked > SAME_REQUEST_MS) process.exit(EXIT.interrupted);
      asked = Math.min(asked, performance.now());
      resolve('interrupted');
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  });
}

interface LocationsAnswer {
  readonly workspaceOrError: {
    readonly locationEntries?: readonly {
      readonly name: string;
      readonly locationOrLoadError: { readonly __typename: string; readonly message?: string } | null;
    }[];
  };
}

/** Says at once which locations do not load: the rest of the output would not. */
async function reportLocations(client: HeadraceClient, output: Output): Promise<void> {
  const { workspaceOrError } = await client.graphql<LocationsAnswer>(
    'query { workspaceOrError { ... on Workspace { locationEntries { name locationOrLoadError { __typename ... on PythonError { message } } } } } }',
  );
  for (const { name, locationOrLoadError: state } of workspaceOrError.locationEntries ?? []) {
    if (state?.__typename === 'PythonError')
      output.note(output.colours.bad(`Code location ${name} does not load:\n${state.message}`));
  }
}
