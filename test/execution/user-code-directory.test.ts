import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildHandle } from '../../lib/execution/child-process';
import { buildPrograms } from '../support/build-programs';

let programs: string;
let bundle: string;

beforeAll(async () => {
  [programs, bundle] = await Promise.all([
    buildPrograms({ worker: 'bin/worker.ts' }),
    mkdtemp(join(tmpdir(), 'headrace-bundle-')).then((folder) => realpath(folder)),
  ]);
  await writeFile(join(bundle, 'bundle.mjs'), 'throw new Error("running in " + process.cwd());');
});
afterAll(async () => {
  for (const folder of [programs, bundle]) await rm(folder, { recursive: true, force: true });
});

/** What the code says of where it runs, in a process that was started in the folder of programs. */
async function whereIn(environment: Readonly<Record<string, string>>): Promise<string> {
  const child = new ChildHandle({
    executable: process.execPath,
    args: [join(programs, 'worker.mjs'), '--child'],
    environment: { PATH: process.env.PATH, ...environment },
    directory: programs,
  });
  try {
    return await child.load(join(bundle, 'bundle.mjs')).then(
      () => 'loaded',
      (error: Error) => error.message,
    );
  } finally {
    child.kill();
    await child.gone;
  }
}

test('On AWS user code runs in the folder of its bundle', async () => {
  const where = await whereIn({
    AWS_REGION: 'eu-central-1',
    HEADRACE_BUNDLES_BUCKET: 'b',
    HEADRACE_LOGS_BUCKET: 'l',
    HEADRACE_ARTIFACTS_BUCKET: 'a',
  });
  expect(where).toContain(`running in ${bundle}`);
});

test('On a laptop it runs where its worker was started: in the project', async () => {
  expect(await whereIn({ HEADRACE_OBJECT_STORE: bundle })).toContain(
    `running in ${await realpath(programs)}`,
  );
});
