import { Token } from 'aws-cdk-lib';
import { EVENT_BUS_RULES } from '../model/event-bus-rules';
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

/** Sizes of a task: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html */
const FARGATE_MEMORY: Readonly<
  Record<number, { readonly least: number; readonly most: number; readonly step: number }>
> = {
  256: { least: 512, most: 2048, step: 512 },
  512: { least: 1024, most: 4096, step: 1024 },
  1024: { least: 2048, most: 8192, step: 1024 },
  2048: { least: 4096, most: 16_384, step: 1024 },
  4096: { least: 8192, most: 30_720, step: 1024 },
  8192: { least: 16_384, most: 61_440, step: 4096 },
  16384: { least: 32_768, most: 122_880, step: 8192 },
};

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
  if (oidc !== undefined && !Token.isUnresolved(oidc.issuer) && !oidc.issuer.startsWith('https://')) {
    problems.push(
      `oidc.issuer ${JSON.stringify(oidc.issuer)}: give the https:// address that its tokens carry as iss.`,
    );
  }
  const { minCapacity = 0, maxCapacity = 4 } = data?.database ?? {};
  if (minCapacity > maxCapacity) {
    problems.push(`data.database.minCapacity ${minCapacity} is above maxCapacity ${maxCapacity}.`);
  }
  problems.push(...taskSizeProblems(settings.runLauncher.fargate));
  for (const name of Object.keys(props.policies ?? {})) {
    if (!workspace.codeLocations.some((location) => location.name === name)) {
      const known = workspace.codeLocations.map((location) => location.name).join(', ');
      problems.push(`policies.${name}: workspace.yaml has no code location of that name, only ${known}.`);
    }
  }
  if (problems.length > 0) throw new HeadracePropsError(problems);
}

function taskSizeProblems({ cpu, memory }: { readonly cpu: number; readonly memory: number }): string[] {
  const range = FARGATE_MEMORY[cpu];
  if (range === undefined) {
    const known = Object.keys(FARGATE_MEMORY).join(', ');
    return [`run_launcher.fargate.cpu ${cpu} (headrace.yaml): Fargate has ${known}.`];
  }
  const fits =
    memory >= range.least && memory <= range.most && (memory % range.step === 0 || memory === range.least);
  return fits
    ? []
    : [
        `run_launcher.fargate.memory ${memory} (headrace.yaml): with ${cpu} CPU units Fargate takes ${range.least} to ${range.most} MB in steps of ${range.step}.`,
      ];
}
