import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { onceInRun, RUN_DIRECTORY, takeTurn } from './once';

/** A run of its own: nothing here reaches what the other suites share. */
const real = process.env[RUN_DIRECTORY];
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'headrace-once-'));
  process.env[RUN_DIRECTORY] = directory;
});

afterEach(async () => {
  process.env[RUN_DIRECTORY] = real;
  await rm(directory, { recursive: true });
});

test('what several need at once is made once, and all get it', async () => {
  let made = 0;
  const need = () => onceInRun('thing', async (where) => ({ where, number: ++made }));

  const got = await Promise.all([need(), need(), need()]);

  expect(got).toEqual(Array(3).fill({ where: directory, number: 1 }));
  expect(await need()).toEqual(got[0]);
});

test('what could not be made is made by the next that needs it', async () => {
  const failing = onceInRun('thing', () => Promise.reject(new Error('no disk')));
  await expect(failing).rejects.toThrow('no disk');
  expect(await onceInRun('thing', async () => 7)).toBe(7);
});

test('turns are taken one after another', async () => {
  const passOn = await takeTurn('project');
  const events: string[] = [];
  const second = takeTurn('project').then((pass) => {
    events.push('second');
    return pass;
  });
  const other = await takeTurn('other');
  events.push('first ends');
  await passOn();
  await (await second)();
  await other();
  expect(events).toEqual(['first ends', 'second']);
});
