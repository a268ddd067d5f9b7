import { join } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../lib/cli/program';
import { refusalOf } from '../../lib/cli/refusal';
import { runCli } from './support/run-cli';

/** Every command that does something, with the words by which it is called. */
function commandsOf(
  command: Command,
  words: readonly string[] = [],
): readonly (readonly [string, Command])[] {
  const below = command.commands.flatMap((each) => commandsOf(each, [...words, each.name()]));
  return below.length > 0 ? below : [[words.join(' '), command]];
}

const program = createProgram({
  distribution: join(process.cwd(), 'dist'),
  version: '1.2.3',
  python: { isNeeded: () => false, find: () => ({ version: '' }) },
  onExitCode: () => {},
});
const COMMANDS = commandsOf(program);

test('there are many commands', () => {
  expect(COMMANDS.length).toBeGreaterThan(40);
});

test.each(
  COMMANDS,
)('%s refuses an option that it has not, with the exit code of wrong arguments', async (words) => {
  const { code, out, err } = await runCli(...words.split(' '), '--unheard-of');

  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/^error: (unknown|required) option .*\(add --help for how to call it\)\n$/s);
});

test.each(COMMANDS)('the help of %s says what it does, and no default that says nothing', async (words) => {
  const { code, out, err } = await runCli(...words.split(' '), '--help');

  expect([code, err]).toEqual([0, '']);
  expect(out).toContain(`Usage: headrace ${words}`);
  expect(out).not.toMatch(/default: (false|undefined|\[\])/);
});

test.each([
  [['nope'], "error: unknown command 'nope'"],
  [['run'], "error: missing required argument 'job or asset selection'"],
  [['run', 'load', '--priority', 'high'], '"high" is not a whole number.'],
  [['runs', '--limit', '0'], '"0" is not a whole number from 1 to 1000.'],
  [['schedule', 'ticks', 'nightly', '--limit', '101'], '"101" is not a whole number from 1 to 100.'],
  [['token', 'create', 'ci', '--expires-in-days', '367'], '"367" is not a whole number from 1 to 366.'],
  [['drain', '--timeout', '0'], '"0" is not a whole number above 0.'],
])('headrace %j says what is wrong with it', async (words, expected) => {
  const { code, out, err } = await runCli(...words);

  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(expected);
});

test.each([
  [
    { __typename: 'PythonError', message: 'PlanError: There is no x.', className: 'PlanError' },
    'There is no x.',
  ],
  [{ __typename: 'UnauthorizedError', message: 'You may not.' }, 'You may not.'],
  [{ __typename: 'AssetWipeSuccess' }, undefined],
])('of %j a person is told %j', (answer, expected) => {
  expect(refusalOf(answer)).toBe(expected);
});
