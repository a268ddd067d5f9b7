import type { AssetKey } from '../../model/asset-key';
import { assetOutputName, type Computation, type ComputationInput } from '../computation';
import type { HookDefinition } from '../hooks';
import type {
  ExecutableHook,
  ExecutableOp,
  ExecutableSchedule,
  ExecutableSensor,
  OpEvent,
} from '../loaded-definitions';
import { unwrapPartitions } from '../partition-values';
import type { ScheduleDefinition } from '../schedule';
import type { SensorDefinition } from '../sensor';
import { parseConfig } from './config';
import type { ResolvedDefinitions } from './resolve';
import { pickAliased, type ResourceAliases } from './resource-registry';

/** An input's value does not fit the schema that its op declares. */
export class InputTypeError extends Error {
  override readonly name = 'InputTypeError';
  readonly input: string;

  constructor(input: string, op: string, cause: Error) {
    super(`Input "${input}" of op ${op} does not fit its schema: ${cause.message}`, { cause });
    this.input = input;
  }
}

/** What the host calls to run an op's code. */
export function toExecutableOp(
  { graph, aliases }: ResolvedDefinitions,
  computation: Computation,
): ExecutableOp {
  const own = aliasesOf(aliases, computation);
  const assetOutputs = new Map(
    computation.assets.map(({ key }) => [assetOutputName(computation, key), key] as const),
  );
  return {
    async *run(context, inputs) {
      const values = computation.inputs.map(
        (input) => [input.name, inputValue(computation, input, inputs)] as const,
      );
      const config = parseConfig(computation.config, context.config, `ops.${computation.name}.config`);
      const isStored = (key: AssetKey) => graph.stored.has(key);
      const resources = pickAliased(context.resources, own);
      const events = computation.execute(
        { ...context, config, resources, isStored },
        Object.fromEntries(values),
      );
      for await (const event of events) {
        if (isForHost(event, assetOutputs, isStored)) yield event;
      }
    },
  };
}

/** Whether the host shall see an event: an asset's output only if it carries a value that is to be stored. */
function isForHost(
  event: OpEvent,
  assetOutputs: ReadonlyMap<string, AssetKey>,
  isStored: (key: AssetKey) => boolean,
): boolean {
  const asset = event.type === 'output' ? assetOutputs.get(event.name) : undefined;
  return event.type !== 'output' || asset === undefined || (isStored(asset) && event.value !== undefined);
}

function inputValue(
  { name: op }: Computation,
  { name, schema, many }: ComputationInput,
  inputs: Readonly<Record<string, unknown>>,
): unknown {
  const value = unwrapPartitions(inputs[name], many);
  if (schema === null) return value;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InputTypeError(name, op, result.error);
}

/** What the host calls at a tick; undefined for a schedule that is only data. */
export function toExecutableSchedule(
  { aliases }: ResolvedDefinitions,
  definition: ScheduleDefinition,
): ExecutableSchedule | undefined {
  const { evaluate } = definition;
  if (evaluate === null) return undefined;
  const own = aliasesOf(aliases, definition);
  return {
    resources: resourceNames(own),
    evaluate: async ({ scheduledAt, resources, log }) => {
      const result = await evaluate({
        scheduledAt: new Date(scheduledAt),
        resources: pickAliased(resources, own) as never,
        log,
      });
      // What the schedule itself says holds unless the request says otherwise.
      const runRequests = result.runRequests.map((request) => ({
        ...request,
        config: Object.keys(request.config).length === 0 ? definition.config : request.config,
        tags: { ...definition.runTags, ...request.tags },
      }));
      return { ...result, runRequests };
    },
  };
}

/** What the host calls at an evaluation; undefined for an automation sensor, which needs no user code. */
export function toExecutableSensor(
  { aliases }: ResolvedDefinitions,
  definition: SensorDefinition,
): ExecutableSensor | undefined {
  const { evaluate } = definition;
  if (evaluate === null) return undefined;
  const own = aliasesOf(aliases, definition);
  return {
    resources: resourceNames(own),
    evaluate: (context) => {
      const { cursor, lastTickStartedAt, lastRunKey, log } = context;
      const seen = {
        cursor,
        lastTickStartedAt: lastTickStartedAt === null ? null : new Date(lastTickStartedAt),
        lastRunKey,
        resources: pickAliased(context.resources, own) as never,
        log,
      };
      return evaluate(seen, context);
    },
  };
}

/** What the host calls after a step. */
export function toExecutableHook(
  { aliases }: ResolvedDefinitions,
  definition: HookDefinition,
): ExecutableHook {
  const own = aliasesOf(aliases, definition);
  return {
    on: definition.on,
    resources: resourceNames(own),
    run: async (context) => definition.run({ ...context, resources: pickAliased(context.resources, own) }),
  };
}

const aliasesOf = (aliases: ResolvedDefinitions['aliases'], user: object): ResourceAliases =>
  aliases.get(user) ?? {};
const resourceNames = (aliases: ResourceAliases): readonly string[] => [...new Set(Object.values(aliases))];
