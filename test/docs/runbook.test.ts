import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyPrograms, synthesize } from '../infra/synthesize';

const programs = emptyPrograms();
afterAll(() => programs.dispose());

const page = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
/** Entries of the chapter about alarms: names in a heading, and what stands below it. */
const entries = (page.split('\n## Alarms\n')[1]?.split('\n## ')[0] ?? '')
  .split('\n### ')
  .slice(1)
  .map((text) => {
    const [heading = '', ...lines] = text.split('\n');
    return { names: heading.split(', '), text: lines.join('\n') };
  });
const documented = entries.filter(({ text }) => text.includes('**Means:**'));

const alarms = synthesize(programs.folder)
  .resources('AWS::CloudWatch::Alarm')
  .map(([, { Properties }]) => ({
    name: String(Properties.AlarmName).replace(/^headrace-/, ''),
    description: String(Properties.AlarmDescription),
  }));

test('Every alarm of a deployment has its entry in the runbook, and no entry is of an alarm that is gone', () => {
  expect(alarms.length).toBeGreaterThan(14);
  expect(documented.flatMap(({ names }) => names).sort()).toEqual(alarms.map(({ name }) => name).sort());
});

test('An entry says what the alarm means, where to look and how to mend it', () => {
  for (const { names, text } of documented) {
    expect([names, /\*\*Means:\*\*[^*]{20,}/.test(text)]).toEqual([names, true]);
    expect([names, /\*\*Look( and mend)?:\*\*[^*]{10,}/.test(text)]).toEqual([names, true]);
    expect([names, /\*\*(Look and mend|Mend):\*\*/.test(text)]).toEqual([names, true]);
  }
});

test('An alarm says which entry is its own', () => {
  for (const { name, description } of alarms) {
    expect(description).toContain(`What to do: ${name} in docs/operations.md.`);
  }
});
