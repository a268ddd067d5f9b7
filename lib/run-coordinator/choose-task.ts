import type { TaskChoice } from '../model/execution-input';
import { didYouMean, nearMisses } from '../model/near-misses';
import { TAG, type Tags } from '../model/tags';
import type { TaskSettings } from '../model/task-settings';
import { fargateSizeProblem } from './fargate-sizes';

/** A run's tags ask for a task that there is not. */
export class TaskChoiceError extends Error {
  override readonly name = 'TaskChoiceError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join(' '));
    this.problems = problems;
  }
}

/**
 * What task carries an attempt: its location's, changed by what the run's tags ask for. A run that lost a worker
 * is not put on Spot capacity again.
 *
 * @param lostWorkers attempts of the run that came to no good end
 * @throws {TaskChoiceError} with every tag that cannot be had, its value, and what can
 * @example chooseTask({ 'headrace/memory': '8192' }, { capacity: 'fargate', cpu: 2048, memory: 4096, images: [], roles: [] })
 */
export function chooseTask(tags: Tags, settings: TaskSettings, lostWorkers = 0): TaskChoice {
  const problems: string[] = [];
  const cpu = sizeOf(tags, [TAG.cpu, TAG.ecsCpu], settings.cpu, 'CPU units, 1024 for one vCPU', problems);
  const memory = sizeOf(tags, [TAG.memory, TAG.ecsMemory], settings.memory, 'MB', problems);
  const image = nameOf(tags, TAG.image, settings.images, 'images', problems);
  const role = nameOf(tags, TAG.taskRole, settings.roles, 'roles', problems);
  const capacity = capacityOf(tags, settings, lostWorkers, problems);
  if (problems.length === 0 && capacity !== 'external') {
    const problem = fargateSizeProblem({ cpu, memory });
    if (problem !== undefined) {
      problems.push(
        `A task of ${cpu} CPU units and ${memory} MB cannot be had: ${problem.offer}. Set the tags ${TAG.cpu} and ${TAG.memory} together.`,
      );
    }
  }
  if (problems.length > 0) throw new TaskChoiceError(problems);
  return {
    capacity,
    cpu,
    memory,
    ...(image === undefined ? {} : { image }),
    ...(role === undefined ? {} : { role }),
  };
}

/** The first of the tags that is there; else the location's. */
function sizeOf(
  tags: Tags,
  names: readonly string[],
  otherwise: number,
  unit: string,
  problems: string[],
): number {
  const name = names.find((each) => tags[each] !== undefined);
  if (name === undefined) return otherwise;
  const text = tags[name] ?? '';
  const value = Number(text);
  if (/^\d+$/.test(text) && value > 0) return value;
  problems.push(`Tag ${name} is ${JSON.stringify(text)}: give a whole number of ${unit}.`);
  return otherwise;
}

/** A name that the location declares; undefined = its own. */
function nameOf(
  tags: Tags,
  tag: string,
  declared: readonly string[],
  setting: string,
  problems: string[],
): string | undefined {
  const name = tags[tag];
  if (name === undefined || declared.includes(name)) return name;
  const known =
    declared.length === 0 ? `its location declares no ${setting}` : `declared are ${declared.join(', ')}`;
  problems.push(
    `Tag ${tag} is ${JSON.stringify(name)}, but ${known}.${didYouMean(nearMisses(name, declared))} Declare it under ${setting} of the location in workspace.yaml, and deploy.`,
  );
  return undefined;
}

function capacityOf(
  tags: Tags,
  { capacity }: TaskSettings,
  lostWorkers: number,
  problems: string[],
): TaskSettings['capacity'] {
  const spot = tags[TAG.spot];
  if (spot !== undefined && spot !== 'true' && spot !== 'false') {
    problems.push(`Tag ${TAG.spot} is ${JSON.stringify(spot)}: give true or false.`);
  }
  if (capacity === 'external') return capacity;
  const wantsSpot = spot === undefined ? capacity === 'fargate_spot' : spot === 'true';
  return wantsSpot && lostWorkers === 0 ? 'fargate_spot' : 'fargate';
}
