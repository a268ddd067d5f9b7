import { spawnSync } from 'node:child_process';
import { systemClock } from '../../adapters/system/system-clock';
import type { HeadraceClient } from '../../client';
import { lookUpEnvironment } from '../../environment';
import { SIGNED_ROUTES, type SignedRole } from '../../model/signed-routes';
import { CliError, EXIT } from '../errors';
import { explainFailure } from '../explain-failure';
import type { Output } from '../output';
import { profileClient } from '../profile-client';
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
      now: systemClock.now,
      bundlesBucket: profile?.bundlesBucket ?? null,
      registerFunction: profile?.registerFunction ?? null,
      deadLettersQueue: profile?.deadLettersQueue ?? null,
    })),
    ...(profile === undefined ? [] : [await mayCall(profile, 'editor'), await mayCall(profile, 'admin')]),
  ];
  output.result(found, () => {
    for (const diagnosis of found) output.line(diagnosisLine(diagnosis, output));
  });
  return found.some(({ result }) => result === 'problem') ? EXIT.failed : EXIT.ok;
}

const CALLS = {
  editor: { check: 'May call the API', call: (client: HeadraceClient) => client.getInstance() },
  admin: {
    check: 'May call the API as admin: tokens, pause',
    call: (client: HeadraceClient) => client.listTokens(),
  },
} as const;

/** Not everybody has to be an admin; a deployment whose API answers nobody is broken. */
async function mayCall(profile: Profile, role: SignedRole): Promise<Diagnosis> {
  const { check, call } = CALLS[role];
  try {
    await call(await profileClient(profile, role));
    const how = profile.auth === 'iam' ? `${SIGNED_ROUTES[role]}/*, signed` : 'its token';
    return { check, result: 'ok', found: `${profile.url} answers to ${how}` };
  } catch (error) {
    const { text } = explainFailure(error);
    const [found = '', ...remedy] = text.split('\n');
    const result = role === 'admin' ? 'warning' : 'problem';
    return { check, result, found, remedy: remedy.join(' ') || 'See docs/security.md: who may call what.' };
  }
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
