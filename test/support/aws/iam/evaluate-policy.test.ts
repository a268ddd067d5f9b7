import { isAllowed, type Statement } from './evaluate-policy';

const read = { action: 's3:GetObject', resource: 'arn:aws:s3:::logs/a' };
const allow = (more: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Action: ['s3:GetObject'],
  Resource: 'arn:aws:s3:::logs/*',
  ...more,
});

test.each<[string, readonly Statement[], boolean]>([
  ['nothing is allowed that no statement allows', [], false],
  ['by action and resource', [allow()], true],
  ['another action', [allow({ Action: 's3:PutObject' })], false],
  ['another resource', [allow({ Resource: 'arn:aws:s3:::other/*' })], false],
  ['a pattern covers its end only', [allow({ Resource: 'arn:aws:s3:::log?/b*' })], false],
  ['actions whatever their case', [allow({ Action: 'S3:getobject' })], true],
  ['a pattern of actions', [allow({ Action: 's3:Get*' })], true],
  ['a point is no pattern', [allow({ Resource: 'arn.aws:s3:::logs/a' })], false],
  ['what is denied is denied', [allow(), allow({ Effect: 'Deny', Resource: '*' })], false],
  ['a denial of something else', [allow(), allow({ Effect: 'Deny', Action: 's3:Put*' })], true],
  [
    'a key that is not set meets no condition',
    [allow({ Condition: { StringEquals: { 'a:b': 'c' } } })],
    false,
  ],
])('%s', (_, statements, expected) => {
  expect(isAllowed(statements, read)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ['StringEquals', 'arn:aws:ecs:r:1:cluster/workers', true],
  ['StringEquals', 'arn:aws:ecs:r:1:cluster/*', false],
  ['StringLike', 'arn:aws:ecs:r:1:cluster/work*', true],
  ['ArnEquals', 'arn:aws:ecs:r:1:cluster/*', true],
  ['ArnLike', 'arn:aws:ecs:r:2:cluster/*', false],
])('%s with %s', (operator, wanted, expected) => {
  const statement = allow({
    Action: 'ecs:ListTasks',
    Resource: '*',
    Condition: { [operator]: { 'ecs:cluster': wanted } },
  });

  expect(
    isAllowed([statement], {
      action: 'ecs:ListTasks',
      resource: '*',
      context: { 'ecs:cluster': 'arn:aws:ecs:r:1:cluster/workers' },
    }),
  ).toBe(expected);
});

test('What is not understood is refused, not passed over', () => {
  const other = { ...allow(), NotResource: 'x' } as Statement;

  expect(() => isAllowed([other], read)).toThrow('NotResource');
  expect(() => isAllowed([allow({ Condition: { IpAddress: { 'aws:SourceIp': '1' } } })], read)).toThrow(
    'IpAddress',
  );
});
