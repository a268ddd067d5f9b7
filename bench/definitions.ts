/**
 * How long 10,000 generated assets take to load, and how long a saved edit takes until its definitions are served.
 * Dagster 1.13: 29 CPU seconds to load the same number of assets in code server and webserver.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { buildCodeLocation } from '../lib/build/build-code-location';
import type { Manifest } from '../lib/model/manifest';
import { startScratchServer } from './support/scratch-server';
import { report, summary } from './support/statistics';

const ASSETS = Number(process.argv[2] ?? 10_000);
const EDITS = 10;

const generated = (count: number): string => `import { asset, define } from 'headrace';
const assets = Array.from({ length: ${count} }, (_, i) =>
  asset({ key: \`generated/a\${i}\`, deps: [i - 1, Math.floor(i / 2)].filter((d) => d >= 0 && d < i).map((d) => \`generated/a\${d}\`), run: () => {} }),
);
export const definitions = define({ assets });
`;
const edited = (n: number): string => `import { asset, define } from 'headrace';
export const definitions = define({ assets: [asset({ key: 'edited_${n}', run: () => ${n} })] });
`;

const server = await startScratchServer({
  'workspace.yaml':
    'code_locations:\n  - {name: large, entry: large/index.ts}\n  - {name: small, entry: small/index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'large/index.ts': generated(ASSETS),
  'small/index.ts': edited(0),
});
try {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const built = await buildCodeLocation({
    root: server.root,
    location: 'large-again',
    entry: 'large/index.ts',
    outDirectory: join(server.root, 'out'),
  });
  const buildMs = performance.now() - started;
  const reading = performance.now();
  const manifest = JSON.parse(readFileSync(join(built.directory, 'manifest.json'), 'utf8')) as Manifest;
  const readMs = performance.now() - reading;
  const { user, system } = process.cpuUsage(cpu);
  if (manifest.assets.length !== ASSETS)
    throw new Error(`The manifest holds ${manifest.assets.length} assets.`);
  report(
    `${ASSETS} assets`,
    {
      buildSeconds: Math.round(buildMs) / 1000,
      manifestReadSeconds: Math.round(readMs) / 1000,
      cpuSecondsOfThisProcess: Math.round((user + system) / 1e4) / 100,
      cores: cpus().length,
    },
    loadavg(),
  );
  const delays: number[] = [];
  for (let n = 1; n <= EDITS; n++) {
    const saved = performance.now();
    writeFileSync(join(server.root, 'small/index.ts'), edited(n));
    while (!(await isServed(`edited_${n}`))) await new Promise((resolve) => setTimeout(resolve, 10));
    delays.push(performance.now() - saved);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  report('save to new definitions served', { edits: EDITS, milliseconds: summary(delays) }, loadavg());
} finally {
  await server.close();
}

async function isServed(key: string): Promise<boolean> {
  const { assetNodeOrError } = await server.client.graphql<{ assetNodeOrError: { __typename: string } }>(
    'query($k: AssetKeyInput!) { assetNodeOrError(assetKey: $k) { __typename } }',
    { k: { path: [key] } },
  );
  return assetNodeOrError.__typename === 'AssetNode';
}
