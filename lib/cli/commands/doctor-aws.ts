import { spawnSync } from 'node:child_process';
import { lookUpEnvironment } from '../../environment';
import { CliError, EXIT } from '../errors';
import type { Output } from '../output';
import type { Profile } from '../profiles';
import { diagnosisLine } from './doctor';
import type { Diagnosis } from './doctor-checks';

/** `headrace doctor --aws`: whether an account and region can take a deployment, and what a profile's one may want. */
export async function doctorAws(
  profile: Profile | undefined,
  regionOption: string | undefined,
  output: Output,
): Promise<number> {
  const region = regionOption ?? profile?.region ?? lookUpEnvironment('AWS_REGION');
  if (region == null) {
    throw new CliError('The region to look at is not said.', {
      remedy: 'Say --region eu-central-1, name a --profile, or set AWS_REGION.',
    });
  }
  const { diagnoseAccount } = await import('../../adapters/aws/diagnose-account');
  const found: readonly Diagnosis[] = [
    imageBuilder(),
    ...(await diagnoseAccount({
      region,
      bundlesBucket: profile?.bundlesBucket ?? null,
      registerFunction: profile?.registerFunction ?? null,
      deadLettersQueue: profile?.deadLettersQueue ?? null,
    })),
  ];
  output.result(found, () => {
    for (const diagnosis of found) output.line(diagnosisLine(diagnosis, output));
  });
  return found.some(({ result }) => result === 'problem') ? EXIT.failed : EXIT.ok;
}

/** The CDK builds the workers' image with it, by the name of CDK_DOCKER. */
function imageBuilder(): Diagnosis {
  const check = 'Image builder';
  const program = lookUpEnvironment('CDK_DOCKER') ?? 'docker';
  const { status, stdout, stderr, error } = spawnSync(
    program,
    ['version', '--format', '{{.Server.Version}}'],
    {
      encoding: 'utf8',
      timeout: 10_000,
    },
  );
  if (status === 0) return { check, result: 'ok', found: `${program} ${stdout.trim()}` };
  const why = error === undefined ? stderr.trim().split('\n')[0] : error.message;
  return {
    check,
    result: 'problem',
    found: `${program}: ${why || `exit code ${status}`}`,
    remedy:
      'Install and start Docker, or set CDK_DOCKER to another builder (podman, finch). Or give the construct a workerImage that is built already.',
  };
}
