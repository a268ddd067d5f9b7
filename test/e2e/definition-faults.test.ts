import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { until } from '../support/until';
import { type Dev, type FaultsProject, openFaultsProject } from './support/faults-project';

const MINUTES = 60_000;

jest.setTimeout(3 * MINUTES);

const GOOD = `import { define, job, op } from 'headrace';
const greet = op({ name: 'greet', run: () => 'hello' });
export const definitions = define({ jobs: [job({ name: 'greeting', graph: () => void greet() })] });
`;

/** The bracket that is missing shows at line 3. */
const SYNTAX_ERROR = `import { define, job, op } from 'headrace';
const greet = op({ name: 'greet', run: () => 'hello' ;
export const definitions = define({ jobs: [] });
`;

const THREE_MISTAKES = `import { asset, define, schedule } from 'headrace';
const one = asset({ key: 'same', run: () => 1 });
const two = asset({ key: 'same', run: () => 2 });
const three = asset({ key: 'three', deps: ['three'], run: () => 3 });
const never = schedule({ name: 'never', select: one, cron: '61 * * * *' });
export const definitions = define({ assets: [one, two, three], schedules: [never] });
`;

let project: FaultsProject;
let dev: Dev;

const edit = (text: string): Promise<void> => writeFile(join(project.folder, 'editable', 'index.ts'), text);

beforeAll(async () => {
  project = await openFaultsProject(['faults', 'editable']);
  await edit(SYNTAX_ERROR);
  dev = await project.dev();
});

afterAll(() => project.dispose());

/** What the API says is wrong with the location. */
async function loadError(): Promise<string | null> {
  const { workspaceOrError } = await dev.client.graphql<{
    workspaceOrError: {
      locationEntries: { name: string; locationOrLoadError: { message?: string } | null }[];
    };
  }>(
    'query { workspaceOrError { ... on Workspace { locationEntries { name locationOrLoadError { ... on PythonError { message } } } } } }',
  );
  const entry = workspaceOrError.locationEntries.find(({ name }) => name === 'editable');
  return entry?.locationOrLoadError?.message ?? null;
}

const untilLoadError = (what: string, holds: (message: string | null) => boolean) =>
  until(what, async () => holds(await loadError()));

test('A location that is broken at the first start shows the error with its place, and the others work', async () => {
  expect(await loadError()).toContain('editable/index.ts:2:');
  expect(dev.running.stderr()).toMatch(/Code location editable does not load:[\s\S]*editable\/index\.ts:2:/);
  expect((await dev.run('leaving')).status).toBe('FAILURE');

  const built = await project.start(['build', 'editable']).ended;
  expect(built.code).toBe(1);
  expect(built.stderr).toContain('editable/index.ts:2:');
});

test('Mended it loads; broken again it keeps its last good definitions, and shows every mistake with its place', async () => {
  await edit(GOOD);
  await untilLoadError('the mended location is loaded', (message) => message === null);
  expect((await dev.run('greeting')).status).toBe('SUCCESS');

  await edit(THREE_MISTAKES);
  await untilLoadError('the mistakes are shown', (message) => message !== null);
  const shown = (await loadError()) ?? '';
  for (const place of ['index.ts:3:', 'index.ts:4:', 'index.ts:5:']) expect(shown).toContain(place);
  expect(dev.running.stderr()).toContain('Its last good definitions stay in force.');
  expect(dev.running.stderr()).toContain('editable/index.ts:5:');
  expect((await dev.run('greeting')).status).toBe('SUCCESS');

  await edit(SYNTAX_ERROR);
  await untilLoadError('the syntax error is shown', (message) => message?.includes('index.ts:2:') === true);
  expect((await dev.run('greeting')).status).toBe('SUCCESS');

  await edit(GOOD);
  await untilLoadError('the mended location is loaded', (message) => message === null);
});

test('A port that is taken ends the start with its number, and nothing of it is left running', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const home = join(project.product.home, 'second');
  try {
    const ended = await project.product.start(['-C', project.folder, 'dev', '--port', String(port)], {
      environment: { ...project.environment, HEADRACE_HOME: home },
    }).ended;

    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain(`Port ${port} on 127.0.0.1 is in use by another program.`);
    expect(ended.stderr).toContain('choose another port');
    expect(ended.stdout).not.toContain('Headrace is up');
    expect(processesOf(home)).toEqual([]);
    // The same look finds the processes of the one that runs.
    expect(processesOf(project.product.home).length).toBeGreaterThan(2);
  } finally {
    other.close();
  }
});

/** Processes that name a home in their command or, where that can be seen, in their environment. */
function processesOf(home: string): string[] {
  const lines = execFileSync('ps', ['axeww', '-o', 'pid=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }).split('\n');
  return lines.filter(
    (line) => line.includes(`HEADRACE_HOME=${home} `) || line.includes(`${home}/postgres_data`),
  );
}
