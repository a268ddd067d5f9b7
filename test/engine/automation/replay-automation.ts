import { type AutomationCondition, automation } from '../../../lib/definitions/automation';
import { mappingOf, type VectorMapping } from '../../model/vector-mappings';
import { partitionsOf, type VectorPartitions } from '../../model/vector-partitions';
import { AutomationWorld } from './automation-world';

interface Tree {
  readonly op: string;
  readonly [field: string]: unknown;
}
/** Assets, and what happens to them from tick to tick, as the data file writes it. */
export interface Item {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly assets: readonly {
    readonly key: string;
    readonly deps: readonly (string | { readonly asset: string; readonly mapping: VectorMapping })[];
    readonly partitions?: VectorPartitions;
    readonly condition?: Tree;
    readonly external?: boolean;
    readonly code_version?: string;
  }[];
  readonly ticks: readonly {
    readonly time: string;
    readonly events: readonly Event[];
    readonly expected_requests: readonly { readonly asset: string; readonly partition: string | null }[];
  }[];
}
interface Event {
  readonly type: string;
  readonly at: string;
  readonly asset?: string;
  readonly assets?: readonly string[];
  readonly partition?: string;
  readonly run?: string;
  readonly status?: 'SUCCESS' | 'FAILURE';
  readonly materialized?: readonly string[];
  readonly code_version?: string;
  readonly data_version?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The condition that a data file means, made with the public helpers. */
function conditionOf(tree: Tree | string): AutomationCondition {
  const { op, ...fields } = typeof tree === 'string' ? ({ op: tree } as Tree) : tree;
  const at = (field: string): AutomationCondition => conditionOf(fields[field] as Tree);
  const selection = () => (fields.assets as readonly string[]).map((key) => `key:"${key}"`).join(' or ');
  switch (op) {
    case 'and':
    case 'or': {
      const [first, ...others] = (fields.args as readonly Tree[]).map(conditionOf);
      return (first as AutomationCondition)[op](...others);
    }
    case 'not':
      return at('arg').not();
    case 'newly_true':
      return at('arg').newlyTrue();
    case 'since_last_handled':
      return at('arg').sinceLastHandled();
    case 'since':
      return at('trigger').since(at('reset'));
    case 'any_deps_match':
    case 'all_deps_match': {
      const match =
        op === 'any_deps_match' ? automation.anyDepsMatch(at('arg')) : automation.allDepsMatch(at('arg'));
      const narrowed = ['allow', 'ignore'] as const;
      return narrowed.reduce((condition, kind) => {
        const keys = fields[kind] as readonly string[] | undefined;
        return keys === undefined
          ? condition
          : condition[kind](keys.map((key) => `key:"${key}"`).join(' or '));
      }, match);
    }
    case 'asset_matches':
      return automation.assetMatches(String(fields.asset), at('arg'));
    case 'without':
      return at('base').without(at('remove'));
    case 'replace':
      return at('base').replace(
        typeof fields.old === 'string' ? fields.old : conditionOf((fields.old ?? fields.remove) as Tree),
        conditionOf((fields.new ?? fields.with ?? fields.by) as Tree),
      );
    case 'allow':
    case 'ignore':
      return at('base')[op](selection());
    case 'on_cron':
      return automation.onCron(String(fields.cron), (fields.timezone as string) ?? 'UTC');
    case 'cron_tick_passed':
      return automation.cronTickPassed(String(fields.cron), (fields.timezone as string) ?? 'UTC');
    case 'all_deps_updated_since_cron':
      return automation.allDepsUpdatedSinceCron(String(fields.cron), (fields.timezone as string) ?? 'UTC');
    case 'in_latest_time_window': {
      const hours = fields.lookback_hours as number | undefined;
      return automation.inLatestTimeWindow(...(hours === undefined ? [] : [`${hours}h` as const]));
    }
    default: {
      const name = op.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      const make = (automation as unknown as Record<string, (() => AutomationCondition) | undefined>)[name];
      if (make === undefined) throw new Error(`condition ${op}`);
      return make();
    }
  }
}

function worldOf(item: Item, versions: ReadonlyMap<string, string> = new Map()) {
  return {
    assets: Object.fromEntries(
      item.assets.map((asset) => {
        const codeVersion = versions.get(asset.key) ?? asset.code_version;
        return [
          asset.key,
          {
            dependencies: asset.deps.map((dep) => ({
              key: typeof dep === 'string' ? dep : dep.asset,
              kind: 'ordering' as const,
              input: null,
              mapping: typeof dep === 'string' ? null : mappingOf(dep.mapping),
            })),
            ...(asset.partitions === undefined ? {} : { partitions: partitionsOf(asset.partitions) }),
            ...(asset.condition === undefined
              ? {}
              : { automationCondition: conditionOf(asset.condition).toSpec() }),
            ...(asset.external === true ? { op: null } : {}),
            ...(codeVersion === undefined ? {} : { codeVersion }),
          },
        ];
      }),
    ),
  };
}

/** What each tick asks for: `asset` or `asset|partition`, sorted. */
export function replay(item: Item): string[][] {
  const world = new AutomationWorld(worldOf(item));
  const versions = new Map<string, string>();
  let runs = 0;
  return item.ticks.map(({ time, events }) => {
    for (const event of events) happen(event);
    return world.requested(world.tick(Date.parse(time)));
  });

  function happen(event: Event): void {
    const at = Date.parse(event.at);
    const { asset = '', assets = [], partition = null } = event;
    switch (event.type) {
      case 'materialize':
        world.update(asset, at, { partition, version: event.data_version ?? null });
        return;
      // Of assets that are not made by observing them it says nothing that conditions ask for.
      case 'observe':
        return;
      case 'execute':
      case 'execute_fail': {
        runs += 1;
        world.startRun(`#${runs}`, assets, partition, event.tags);
        const isMade = event.type === 'execute';
        world.finishRun(`#${runs}`, isMade ? 'SUCCESS' : 'FAILURE', isMade ? assets : [], at);
        return;
      }
      case 'start_run':
        world.startRun(event.run ?? '', assets, partition, event.tags);
        return;
      case 'finish_run':
        world.finishRun(event.run ?? '', event.status ?? 'SUCCESS', event.materialized ?? [], at);
        return;
      case 'change_code_version':
        versions.set(asset, event.code_version ?? '');
        world.reload(worldOf(item, versions));
        return;
      default:
        throw new Error(`event ${event.type}`);
    }
  }
}
