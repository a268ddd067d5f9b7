import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '../../lib/client';
import { readSignInLink } from '../support/signed-in';
import { connectDebugger } from './support/debugger';
import { buildProduct, type Product, ROOT } from './support/product';

const MINUTES = 60_000;
const SOURCE = `import { asset, define } from 'headrace';

interface Order {
  readonly amount: number;
}

export const orders = asset({
  key: 'shop/orders',
  run() {
    const order: Order = { amount: 42 };
    return order.amount + 1;
  },
});

export const definitions = define({ assets: [orders] });
`;
/** Where the breakpoint is set: a line of the TypeScript file, from 1. */
const LINE = SOURCE.split('\n').findIndex((line) => line.includes('return order.amount')) + 1;

let product: Product;
let project: string;

beforeAll(async () => {
  product = await buildProduct();
  // Inside of the repository, whose library it uses.
  project = await mkdtemp(join(ROOT, '.headrace-e2e-'));
  await mkdir(join(project, 'shop'));
  await writeFile(join(project, 'shop/index.ts'), SOURCE);
  await writeFile(
    join(project, 'workspace.yaml'),
    'code_locations:\n  - { name: shop, entry: shop/index.ts }\n',
  );
}, 2 * MINUTES);

afterAll(async () => {
  await rm(project, { recursive: true, force: true });
  await product.dispose();
});

/** The first position in a bundle that a line of a source became, as a debugger finds it. */
function generatedPosition(map: SourceMapPayload, code: string, source: string, line: number) {
  const mapping = new SourceMap(map);
  for (const [lineNumber, text] of code.split('\n').entries()) {
    const columnNumber = text.search(/\S/);
    const found = mapping.findEntry(lineNumber, Math.max(columnNumber, 0));
    if (!('originalSource' in found)) continue;
    if (found.originalSource.endsWith(source) && found.originalLine === line - 1)
      return { lineNumber, columnNumber };
  }
  throw new Error(`No position of the bundle comes from ${source}:${line}.`);
}

test(
  'A breakpoint on a line of TypeScript stops the run there, and the run goes on afterwards',
  async () => {
    const server = product.start(['-C', project, 'dev', '--inspect', '0', '--port', '0']);
    let said = '';
    const untilSaid = (pattern: RegExp): Promise<string> =>
      new Promise((resolve, reject) => {
        const listen = (bytes: Buffer): void => {
          said += bytes.toString();
          const found = pattern.exec(said)?.[1];
          if (found !== undefined) resolve(found);
        };
        for (const stream of [server.child.stdout, server.child.stderr]) stream?.on('data', listen);
        void server.ended.then(({ stderr }) => reject(new Error(`It ended:\n${stderr}`)));
      });
    try {
      const [link, inspector] = await Promise.all([
        untilSaid(/Headrace is up at (\S+)/),
        untilSaid(/A debugger can attach to the runs of process \d+: (ws:\S+)/),
      ]);
      const client = createClient({ ...readSignInLink(link), pollMs: 100 });
      const debug = await connectDebugger(inspector);
      const bundle = await debug.untilScript(/bundle\.mjs$/);
      const bundleFile = fileURLToPath(bundle.url);
      const map = JSON.parse(
        await readFile(fileURLToPath(new URL(bundle.sourceMapURL, bundle.url)), 'utf8'),
      ) as SourceMapPayload & { sourceRoot: string };
      const position = generatedPosition(map, await readFile(bundleFile, 'utf8'), 'shop/index.ts', LINE);
      // The map leads to the very file that people edit, or an editor could not offer the breakpoint.
      const edited = map.sources.find((source) => source.endsWith('shop/index.ts')) ?? '';
      expect(fileURLToPath(new URL(edited, map.sourceRoot))).toBe(join(project, 'shop/index.ts'));

      const { breakpointId } = await debug.call<{ breakpointId: string }>('Debugger.setBreakpointByUrl', {
        url: bundle.url,
        ...position,
      });
      const { runId } = await client.launchRun({ assets: ['shop/orders'] });
      const paused = await debug.untilPaused();

      expect(paused.hitBreakpoints).toEqual([breakpointId]);
      const { result } = await debug.call<{ result: { value: unknown } }>('Debugger.evaluateOnCallFrame', {
        callFrameId: paused.callFrames[0]?.callFrameId,
        expression: 'order.amount',
      });
      expect(result.value).toBe(42);
      expect((await client.getRun(runId)).status).toBe('STARTED');

      await debug.call('Debugger.resume', {});
      const types: string[] = [];
      for await (const { type } of client.followRun(runId)) types.push(type);
      expect(types).toContain('ASSET_MATERIALIZATION');
      expect((await client.getRun(runId)).status).toBe('SUCCESS');
      debug.close();
    } finally {
      server.child.kill('SIGTERM');
      await server.ended;
    }
  },
  2 * MINUTES,
);
