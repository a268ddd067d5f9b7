import { Token } from 'aws-cdk-lib';
import { EVENT_BUS_RULES } from '../model/event-bus-rules';
import { fargateSizeProblem } from '../run-coordinator/fargate-sizes';
import type { InstanceSettings } from '../settings/instance-settings';
import { taskSettings } from '../settings/with-workspace';
import type { WorkspaceSettings } from '../settings/workspace-settings';
import type { HeadraceProps } from './headrace';

/** Properties of `Headrace` that cannot be deployed. */
export class HeadracePropsError extends Error {
  override readonly name = 'HeadracePropsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Headrace cannot be deployed like this:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Checks what the types of the properties cannot.
 *
 * @throws {HeadracePropsError} with every problem, the value, and what to do
 */
export function validateHeadraceProps(props: HeadraceProps): void {
  const problems: string[] = [];
  const {
    instance = 'headrace',
    maxRules = EVENT_BUS_RULES.default,
    firstAdmin,
    oidc,
    data,
    settings,
    workspace,
  } = props;
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(instance)) {
    problems.push(
      `instance ${JSON.stringify(instance)}: begin with a letter and use at most 31 lower-case letters, digits and hyphens; it becomes part of the names of rules and secrets.`,
    );
  }
  if (!Number.isInteger(maxRules) || maxRules < EVENT_BUS_RULES.least || maxRules > EVENT_BUS_RULES.most) {
    problems.push(
      `maxRules ${maxRules}: choose a whole number from ${EVENT_BUS_RULES.least} (ticks, safety, sweep) to ${EVENT_BUS_RULES.most} (the quota of an event bus).`,
    );
  }
  if (oidc !== undefined && firstAdmin !== undefined) {
    problems.push(
      `firstAdmin ${JSON.stringify(firstAdmin)} beside oidc: people of your own issuer become admins by its group headrace-admin; leave one of the two out.`,
    );
  }
  if (firstAdmin !== undefined && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(firstAdmin)) {
    problems.push(`firstAdmin ${JSON.stringify(firstAdmin)}: give an e-mail address.`);
  }
  if (oidc !== undefined && !isHttps(oidc.issuer)) {
    problems.push(
      `oidc.issuer ${JSON.stringify(oidc.issuer)}: give the https:// address that its tokens carry as iss.`,
    );
  }
  if (oidc?.tokenEndpoint !== undefined && !isHttps(oidc.tokenEndpoint)) {
    problems.push(
      `oidc.tokenEndpoint ${JSON.stringify(oidc.tokenEndpoint)}: give the https:// address that the issuer's .well-known/openid-configuration names as token_endpoint.`,
    );
  }
  const { minCapacity = 0, maxCapacity = 4 } = data?.database ?? {};
  if (minCapacity > maxCapacity) {
    problems.push(`data.database.minCapacity ${minCapacity} is above maxCapacity ${maxCapacity}.`);
  }
  problems.push(...taskProblems(settings, workspace));
  for (const property of ['policies', 'environment'] as const) {
    for (const name of Object.keys(props[property] ?? {})) {
      if (workspace.codeLocations.some((location) => location.name === name)) continue;
      const known = workspace.codeLocations.map((location) => location.name).join(', ');
      problems.push(`${property}.${name}: workspace.yaml has no code location of that name, only ${known}.`);
    }
  }
  for (const name of Object.values(props.environment ?? {}).flatMap(Object.keys)) {
    if (/^(HEADRACE|AWS)_/.test(name)) {
      problems.push(`environment: ${name} is not yours to set; choose a name without that prefix.`);
    }
  }
  if (problems.length > 0) throw new HeadracePropsError(problems);
}

/** Each location's own size; the instance's only where a location takes it. */
function taskProblems({ runLauncher }: InstanceSettings, { codeLocations }: WorkspaceSettings): string[] {
  const problems = codeLocations.flatMap((location) => {
    const { capacity, cpu, memory } = taskSettings(runLauncher, location);
    const problem = capacity === 'external' ? undefined : fargateSizeProblem({ cpu, memory });
    if (problem === undefined) return [];
    const value = problem.of === 'cpu' ? cpu : memory;
    const where =
      location[problem.of] === null
        ? `run_launcher.fargate.${problem.of} ${value} (headrace.yaml)`
        : `${problem.of} ${value} of code location ${location.name} (workspace.yaml)`;
    return [`${where}: ${problem.offer}.`];
  });
  return [...new Set(problems)];
}

const isHttps = (url: string): boolean =>
  Token.isUnresolved(url) || (URL.canParse(url) && new URL(url).protocol === 'https:');
