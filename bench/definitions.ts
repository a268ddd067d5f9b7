/**
 * How long 10,000 generated assets take to load, and how long a saved edit takes until its definitions are served.
 * The same assets loaded by `dagster dev`, in the same run.
 *
 * usage: definitions [assets, default 10000] [with or without the peer: peer (default) or alone]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { buildCodeLocation } from '../lib/build/build-code-location';
import type { Manifest } from '../lib/model/manifest';
import { startDagster } from './support/dagster-peer';
import { treeUsage } from './support/process-tree';
import { startScratchServer } from './support/scratch-server';
import { report, summary } from './support/statistics';

const ASSETS = Number(process.argv[2] ?? 10_000);
const PEER = (process.argv[3] ?? 'peer') === 'peer';
const EDITS = 10;

const generated = (count: number): string => `import { asset, define } from 'headrace';
const assets = Array.from({ length: ${count} }, (_, i) =>
  asset({ key: \`generated/a\${i}\`, deps: [Math.floor(i / 2), Math.floor(i / 3)].filter((d) => d >= 0 && d < i).map((d) => \`generated/a\${d}\`), run: () => {} }),
);
export const definitions = define({ assets });
`;
const edited = (n: number): string => `import { asset, define } from 'headrace';
export const definitions = define({ assets: [asset({ key: 'edited_${n}', run: () => ${n} })] });
`;

const server = await startScratchServer({
  // Of the two only the small one is served: what is built here is built by this process alone.
  'workspace.yaml': 'code_locations:\n  - {name: small, entry: small/index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'large/index.ts': generated(ASSETS),
  'small/index.ts': edited(0),
});
try {
  const started = performance.now();
  const cpu = treeUsage([process.pid]).cpuSeconds;
  const built = await buildCodeLocation({
    root: server.root,
    location: 'large',
    entry: 'large/index.ts',
    outDirectory: join(server.root, 'out'),
  });
  const buildMs = performance.now() - started;
  const reading = performance.now();
  const manifest = JSON.parse(readFileSync(join(built.directory, 'manifest.json'), 'utf8')) as Manifest;
  const readMs = performance.now() - reading;
  const cpuSeconds = treeUsage([process.pid]).cpuSeconds - cpu;
  if (manifest.assets.length !== ASSETS)
    throw new Error(`The manifest holds ${manifest.assets.length} assets.`);
  report(
    `${ASSETS} assets`,
    {
      buildSeconds: Math.round(buildMs) / 1000,
      manifestReadSeconds: Math.round(readMs) / 1000,
      cpuSeconds: Math.round(cpuSeconds * 100) / 100,
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
if (PEER) await comparePeer();

async function comparePeer(): Promise<void> {
  const peer = await startDagster('many_assets.py', { BENCH_ASSETS: String(ASSETS) });
  if (peer === undefined) return;
  try {
    const { cpuSeconds, residentBytes } = treeUsage([peer.pid]);
    report(
      `${ASSETS} assets, Dagster 1.13`,
      {
        loadSeconds: Math.round(peer.loadSeconds * 10) / 10,
        cpuSeconds: Math.round(cpuSeconds * 10) / 10,
        residentMegabytes: Math.round(residentBytes / 1e6),
      },
      loadavg(),
    );
  } finally {
    await peer.close();
  }
}

async function isServed(key: string): Promise<boolean> {
  const { assetNodeOrError } = await server.client.graphql<{ assetNodeOrError: { __typename: string } }>(
    'query($k: AssetKeyInput!) { assetNodeOrError(assetKey: $k) { __typename } }',
    { k: { path: [key] } },
  );
  return assetNodeOrError.__typename === 'AssetNode';
}
