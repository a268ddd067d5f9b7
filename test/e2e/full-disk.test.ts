import { execFileSync } from 'node:child_process';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { until } from '../support/until';
import {
  contents,
  type Dev,
  type FaultsProject,
  openFaultsProject,
  reached,
  textOf,
} from './support/faults-project';

const MINUTES = 60_000;

jest.setTimeout(3 * MINUTES);
const MEGABYTE = 1024 * 1024;

/** A folder can be a small disk only for those who may mount one. */
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

/** A disk of its own under a folder. */
class SmallDisk {
  readonly folder: string;

  constructor(folder: string, megabytes: number) {
    this.folder = folder;
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder]);
  }

  /** Takes all the space there is; the last writes prove that there is none. */
  async fill(): Promise<void> {
    const ballast = await open(join(this.folder, 'ballast'), 'w');
    for (const bytes of [MEGABYTE, 4_096]) {
      const full = (async () => {
        for (;;) await ballast.write(Buffer.alloc(bytes));
      })();
      await expect(full).rejects.toMatchObject({ code: 'ENOSPC' });
    }
    await ballast.close();
  }

  async free(): Promise<void> {
    await rm(join(this.folder, 'ballast'));
  }

  remove(): void {
    execFileSync('umount', [this.folder]);
  }
}

(mayMount ? describe : describe.skip)('A full disk', () => {
  let project: FaultsProject;
  let dev: Dev;
  let temporary: SmallDisk;
  let home: SmallDisk;

  beforeAll(async () => {
    project = await openFaultsProject(['faults']);
    temporary = new SmallDisk(project.temporary, 1);
    const folder = join(project.product.home, 'small-home');
    await mkdir(folder);
    // An empty database takes 45 MB.
    home = new SmallDisk(folder, 128);
    dev = await project.dev({ HEADRACE_HOME: folder });
  });

  afterAll(async () => {
    await dev.stop();
    temporary.remove();
    home.remove();
    await project.dispose();
  });

  test('where loads keep their files: the run fails and names the folder, keeps nothing, and a rerun loads every row once', async () => {
    const config = { load_flights: { table: 'raw.temporary_full', gate: 'temporary' } };
    const runId = await dev.launch('flights', config);
    await reached(project, 'temporary');
    await temporary.fill();
    await writeFile(join(project.gates, 'temporary.go'), '');
    const run = await dev.follow(runId);

    expect(run.status).toBe('FAILURE');
    expect(textOf(run, 'STEP_FAILURE')).toContain(project.temporary);
    expect(textOf(run, 'STEP_FAILURE')).toMatch(/ENOSPC.*disk is full.*free some space/is);
    expect(await project.sql.run("SHOW TABLES LIKE 'TEMPORARY_FULL' IN SCHEMA RAW")).toEqual([]);
    expect(await readdir(project.temporary)).toEqual(['ballast']);

    await temporary.free();
    await assessRerun('raw.temporary_full', config);
  });

  test('where the product keeps everything: the run fails and names the file, every run ends, and a rerun loads every row once', async () => {
    const config = { load_flights: { table: 'raw.home_full', gate: 'home' } };
    const runId = await dev.launch('flights', config);
    await reached(project, 'home');
    await home.fill();
    await writeFile(join(project.gates, 'home.go'), '');
    const loaded = join(project.gates, 'home.loaded');
    await until('the step came to its end twice, and could not keep its result', async () => {
      const [lines, { status }] = await Promise.all([
        readFile(loaded, 'utf8').catch(() => ''),
        dev.client.getRun(runId),
      ]);
      return lines === 'loaded\nloaded\n' || status === 'FAILURE';
    });
    let refusal: unknown;
    await until('the database can take no more', () =>
      dev.launch('leaving').then(
        () => false,
        (error: unknown) => {
          refusal = error;
          return true;
        },
      ),
    );
    expect(String(refusal)).toContain('No space left on device');

    await home.free();
    const run = await dev.follow(runId);
    expect(run.status).toBe('FAILURE');
    expect(textOf(run, 'STEP_FAILURE')).toContain(join(home.folder, 'artifacts'));
    expect(textOf(run, 'STEP_FAILURE')).toMatch(/ENOSPC.*is full: free some space/s);
    await until('every run has ended', async () => {
      const runs = await dev.client.listRuns({ limit: 1_000 });
      return runs.every(({ status }) => status === 'SUCCESS' || status === 'FAILURE');
    });
    await assessRerun('raw.home_full', config);
  });

  async function assessRerun(table: string, config: Parameters<Dev['run']>[1]): Promise<void> {
    const again = await dev.run('flights', config);
    expect(again.status).toBe('SUCCESS');
    const { rows, keys } = await contents(project, table, 'ROW_NUMBER');
    expect(rows).toBeGreaterThan(10_000);
    expect(keys).toBe(rows);
    expect(await readdir(project.temporary)).toEqual([]);
  }
});
