import { buildOwnProduct, type Product } from './support/product';
import { readWarehouse } from './support/warehouse';

/** The whole product on this repository's own project, in a home of its own. */
const TEN_MINUTES = 600_000;

interface MainJobReport {
  readonly runs: readonly { readonly job: string; readonly status: string }[];
  /** Table, rows, new, updated, seconds. */
  readonly loaded: readonly (readonly unknown[])[];
  /** Node, kind, result, seconds. */
  readonly dbt: readonly (readonly unknown[])[];
}

let product: Product;

beforeAll(async () => {
  product = await buildOwnProduct();
}, 2 * TEN_MINUTES);

afterAll(() => product.dispose());

async function mainJob(): Promise<MainJobReport> {
  const { code, stdout, stderr } = await product.start(['--json', 'dev', '--once', '--port', '0']).ended;
  if (code !== 0) throw new Error(`The main job ended with ${code}:\n${stdout}\n${stderr}`);
  return JSON.parse(stdout) as MainJobReport;
}

const notPassed = ({ dbt }: MainJobReport) =>
  dbt.filter(([, , result]) => result !== 'success' && result !== 'pass');

const rowsLoaded = ({ loaded }: MainJobReport, table: string) => loaded.find(([name]) => name === table)?.[1];

/** What the sample APIs hold for the main job's window, and what identifies a row. */
const KEYS = {
  EARTHQUAKES: 'id',
  AIRPORTS: 'iata',
  GITHUB_ISSUES: 'id',
  GITHUB_USERS: 'id',
  // A flight has no key of its own: its window is overwritten whole.
  FLIGHTS: '*',
};

test(
  'The main job loads three sources and builds the dbt project, survives kill -9 in the middle, and repeats',
  async () => {
    // A load is under way when the whole process dies.
    const killed = product.start(['dev', '--once', '--port', '0']);
    await killed.until(/ingest_flights started/);
    killed.child.kill('SIGKILL');
    const end = await killed.ended;
    expect(end.signal).toBe('SIGKILL');
    expect(end.stdout).not.toContain('succeeded');

    const first = await mainJob();
    expect(first.runs).toMatchObject([
      { job: 'ingest', status: 'SUCCESS' },
      { job: 'transform', status: 'SUCCESS' },
    ]);
    expect(first.dbt.length).toBeGreaterThan(40);
    expect(notPassed(first)).toEqual([]);
    expect(rowsLoaded(first, 'ANALYTICS.RAW.FLIGHTS')).toBe(113_493);
    const tables = await readWarehouse(product.home, KEYS);
    expect(tables).toMatchObject({
      EARTHQUAKES: { rows: 1_707, keys: 1_707 },
      AIRPORTS: { rows: 3_376, keys: 3_376 },
      GITHUB_ISSUES: { rows: 13, keys: 13 },
      GITHUB_USERS: { rows: 1, keys: 1 },
      FLIGHTS: { rows: 113_493 },
    });

    // The same again leaves every table as it was: windows are overwritten, unique keys stay unique.
    const second = await mainJob();
    expect(notPassed(second)).toEqual([]);
    expect(rowsLoaded(second, 'ANALYTICS.RAW.FLIGHTS')).toBe(113_493);
    expect(await readWarehouse(product.home, KEYS)).toEqual(tables);
  },
  TEN_MINUTES,
);
