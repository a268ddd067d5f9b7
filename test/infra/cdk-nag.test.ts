import type { App } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { NAG_SUPPRESSIONS } from './nag-suppressions';
import { emptyPrograms, synthesize } from './synthesize';

const programs = emptyPrograms();
afterAll(() => programs.dispose());

interface Finding {
  readonly rule: string;
  readonly at: string;
}

/** Everything that the rules of AWS Solutions say of an app, warnings too. */
function findingsOf(app: App): readonly Finding[] {
  return new AwsSolutionsChecks(app)
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ rule: ruleName, at: constructPath ?? '' })),
    );
}

const suppressionsOf = ({ rule, at }: Finding) =>
  NAG_SUPPRESSIONS.filter((each) => each.rule.test(rule) && each.at.test(at));
const unsuppressed = (app: App): string[] =>
  findingsOf(app)
    .filter((finding) => suppressionsOf(finding).length === 0)
    .map(({ rule, at }) => `${rule} at ${at}`);

const everything = {
  firstAdmin: 'ann@example.com',
  alertEmails: ['on-call@example.com'],
};

const { app: deployed } = synthesize(programs.folder, everything);

test('cdk-nag finds nothing that is not suppressed with a reason', () => {
  expect(findingsOf(deployed).length).toBeGreaterThan(50);
  expect(unsuppressed(deployed)).toEqual([]);
});

test('Every suppression is of use, and every finding has one reason', () => {
  const findings = findingsOf(deployed);

  const used = new Set(findings.flatMap(suppressionsOf));
  expect(NAG_SUPPRESSIONS.filter((each) => !used.has(each))).toEqual([]);
  expect(findings.filter((finding) => suppressionsOf(finding).length !== 1)).toEqual([]);
  for (const { reason } of NAG_SUPPRESSIONS) expect(reason.length).toBeGreaterThan(20);
});

test('A new wildcard and a careless bucket are found', () => {
  const { app } = synthesize(programs.folder, {
    ...everything,
    spoil: ({ data, locations }) => {
      new Bucket(data, 'Careless');
      locations.ingest?.runFunction.addToRolePolicy(
        new PolicyStatement({ actions: ['s3:*'], resources: ['*'] }),
      );
    },
  });

  expect(unsuppressed(app).sort()).toEqual([
    'AwsSolutions-IAM5[Action::s3:*] at Headrace/Service/Location-ingest/RunRole/DefaultPolicy/Resource',
    'AwsSolutions-IAM5[Resource::*] at Headrace/Service/Location-ingest/RunRole/DefaultPolicy/Resource',
    'AwsSolutions-S1 at Headrace/Data/Careless/Resource',
    'AwsSolutions-S10 at Headrace/Data/Careless/Resource',
  ]);
});
