import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeScratchDirectory } from '../../lib/ingestion/scratch-directory';

const HOST = hostname().replace(/[^A-Za-z0-9]/g, '_');

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'headrace-scratch-test-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

/** A folder with a file in it, as a process of that id would have left it. */
async function leave(name: string): Promise<string> {
  await mkdir(join(parent, name));
  await writeFile(join(parent, name, '000001.csv.gz'), 'rows');
  return name;
}

test('Folders of dead processes of this machine are removed; those of living ones, other machines and other names stay', async () => {
  const { pid: dead } = spawnSync('true');
  const living = spawn('sleep', ['60']);
  try {
    const left = await leave(`loads-${HOST}-${dead}-aaaaaa`);
    const kept = await Promise.all(
      [
        `loads-${HOST}-${living.pid}-bbbbbb`,
        `loads-${HOST}-${process.pid}-cccccc`,
        `loads-elsewhere-${dead}-dddddd`,
        `others-${HOST}-${dead}-eeeeee`,
        `loads-${HOST}-unnumbered`,
      ].map(leave),
    );

    const made = await makeScratchDirectory('loads', parent);

    const names = (await readdir(parent)).map((name) => join(parent, name)).sort();
    expect(names).toEqual([...kept.map((name) => join(parent, name)), made].sort());
    expect(names).not.toContain(join(parent, left));
  } finally {
    living.kill('SIGKILL');
  }
});

test('A folder that is not there is an error of the file system', async () => {
  await expect(makeScratchDirectory('loads', join(parent, 'nowhere'))).rejects.toMatchObject({
    code: 'ENOENT',
  });
});
