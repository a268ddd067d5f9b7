/**
 * Writes a screenshot of every page of a running dashboard, in both themes, at 1,440 × 900 and 390 × 844.
 *
 *     node dashboard/screenshots.mjs --url 'http://127.0.0.1:3000/#token=…' --out screenshots [overview run …]
 *     node dashboard/screenshots.mjs --url 'http://127.0.0.1:3000/#token=…' --docs
 *
 * `--url` takes the link that `headrace dev` prints. `--docs` refreshes docs/images: the pages that docs/dashboard.md shows, wide, best after the main job has run.
 * `--width 1280` takes that width only. It ends with 1 when a page complains in the browser's console or is wider
 * than its window.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sparticuz from '@sparticuz/chromium';
import { chromium } from 'playwright-core';

const root = path.join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:3000' },
    out: { type: 'string', default: 'screenshots' },
    width: { type: 'string', multiple: true, default: ['1440', '390'] },
    docs: { type: 'boolean', default: false },
  },
});
/** Pages that the documentation shows. */
const DOCUMENTED = [
  'overview',
  'run',
  'lineage',
  'asset-partitioned',
  'launchpad',
  'automation',
  'deployment',
];
const token = new URLSearchParams(new URL(values.url).hash.slice(1)).get('token');
const out = values.docs ? path.join(root, 'docs', 'images') : path.resolve(values.out);
const widths = values.docs ? [1_440] : values.width.map(Number);
const wanted = values.docs ? DOCUMENTED : positionals;
const pages = Object.entries(await findPages()).filter(
  ([name]) => wanted.length === 0 || wanted.includes(name),
);

await mkdir(out, { recursive: true });
// The package's own arguments put everything into one process, in which closing a context ends the browser.
const browser = await chromium.launch({
  executablePath: await sparticuz.executablePath(),
  args: ['--no-sandbox', '--disable-gpu'],
});
let problems = 0;
for (const width of widths) {
  for (const theme of ['light', 'dark']) {
    for (const [name, address] of pages) problems += await takeScreenshot(name, address, theme, width);
  }
}
await browser.close();
process.exitCode = problems > 0 ? 1 : 0;

/** @returns the number of problems that the page has */
async function takeScreenshot(name, address, theme, width) {
  const context = await browser.newContext({
    viewport: { width, height: width < 641 ? 844 : 900 },
    colorScheme: theme,
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  });
  if (token !== null)
    await context.addInitScript(`localStorage.setItem('headrace.server-token', ${JSON.stringify(token)})`);
  const page = await context.newPage();
  const problems = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(new URL(address, values.url).href);
  await page.waitForLoadState('networkidle');
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  if (overflow > 0) problems.push(`${overflow} px wider than the window`);
  const size = width === 1_440 ? '' : `-${width}`;
  await page.screenshot({ path: path.join(out, `${name}${size}-${theme}.png`) });
  await context.close();
  for (const problem of problems) console.error(`${name} ${theme} ${width}: ${problem}`);
  return problems.length;
}

/** Name → address of every page; the single things are the richest of their kind that there are. */
async function findPages() {
  const { runsOrError, assetNodes, repositoriesOrError, partitionBackfillsOrError } = await query(`{
    runsOrError(limit: 50) { ... on Runs { results { runId status jobName stepStats { stepKey } } } }
    partitionBackfillsOrError(limit: 50) { ... on PartitionBackfills { results { id targetCounts { status } } } }
    assetNodes { assetKey { path } isPartitioned automationCondition { label } dependencyKeys { path } assetMaterializations(limit: 1) { timestamp } }
    repositoriesOrError { ... on RepositoryConnection { nodes {
      location { name } jobs { name isAssetJob } schedules { name } sensors { name }
    } } }
  }`);
  const richest = (list, weigh) => list.toSorted((a, b) => weigh(b) - weigh(a))[0];
  const failed = runsOrError.results.find((each) => each.status === 'FAILURE');
  const run = richest(runsOrError.results, (each) => each.stepStats.length);
  const pathOf = (asset) => `/assets/${asset.assetKey.path.map(encodeURIComponent).join('/')}`;
  const dated = assetNodes.filter((each) => each.assetMaterializations.length > 0);
  const partitioned = dated.find((each) => each.isPartitioned);
  const automated = assetNodes.find((each) => each.automationCondition !== null);
  const backfill = richest(partitionBackfillsOrError.results, (each) => each.targetCounts.length);
  const derived = richest(dated, (each) => each.dependencyKeys.length);
  const jobs = repositoriesOrError.nodes.flatMap((repository) =>
    repository.jobs
      .filter((job) => !job.name.startsWith('__'))
      .map((job) => `/jobs/${encodeURIComponent(repository.location.name)}/${encodeURIComponent(job.name)}`),
  );
  // The job of the run that is shown has most to configure, too.
  const job =
    jobs.find((address) => address.endsWith(`/${encodeURIComponent(run?.jobName ?? '')}`)) ?? jobs[0];
  const tabs = (name, address, ids) =>
    Object.fromEntries(ids.map((id) => [`${name}-${id}`, address && `${address}?tab=${id}`]));
  const first = (kind) => {
    const repository = repositoriesOrError.nodes.find((each) => each[kind].length > 0);
    return (
      repository &&
      `/${kind}?open=${encodeURIComponent(`${repository.location.name}:${repository[kind][0].name}`)}`
    );
  };
  return Object.fromEntries(
    Object.entries({
      // A home that just ran its first jobs shows nothing in a wide window.
      overview: values.docs ? '/?hours=1' : '/',
      runs: '/runs',
      run: run && `/runs/${run.runId}`,
      ...tabs('run', run && `/runs/${run.runId}`, ['assets', 'config', 'plan', 'compare']),
      'run-failed': failed && `/runs/${failed.runId}`,
      backfills: '/backfills',
      backfill: backfill && `/backfills/${backfill.id}`,
      assets: '/assets',
      asset: derived && pathOf(derived),
      ...tabs('asset', derived && pathOf(derived), ['events', 'checks', 'columns', 'lineage']),
      'asset-partitioned': partitioned && pathOf(partitioned),
      ...tabs('asset', partitioned && pathOf(partitioned), ['partitions']),
      lineage: '/lineage',
      jobs: '/jobs',
      job,
      ...tabs('job', job, ['runs', 'partitions']),
      launchpad: job && `${job}?tab=launch`,
      automation: '/automation',
      'asset-automation': automated && `${pathOf(automated)}?tab=automation`,
      schedules: '/schedules',
      schedule: first('schedules'),
      sensors: '/sensors',
      sensor: first('sensors'),
      deployment: '/deployment',
      ...tabs('deployment', '/deployment', [
        'locations',
        'definitions',
        'daemons',
        'concurrency',
        'configuration',
        'tokens',
        'audit',
      ]),
      location:
        repositoriesOrError.nodes[0] &&
        `/locations/${encodeURIComponent(repositoriesOrError.nodes[0].location.name)}`,
      states: '/states',
      'not-found': '/no-such-page',
    }).filter(([, address]) => address),
  );
}

async function query(document) {
  const response = await fetch(new URL('/graphql', values.url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: document }),
  });
  const { data, errors } = await response.json();
  if (errors?.length > 0) throw new Error(errors.map((error) => error.message).join('\n'));
  return data;
}
