import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSignInLink } from '../support/signed-in';
import { buildProduct, PROGRAM, type Product, ROOT } from './support/product';

const MINUTES = 60_000;
/** What stands in the pages for the address of the server. */
const DOCUMENTED_ADDRESS = 'http://127.0.0.1:3000';

/** The shell samples of a page that send requests, as one script: later ones use the variables of earlier ones. */
function requestsOf(page: string): string {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code = '']) => code);
  return blocks.filter((code) => /^curl /m.test(code)).join('\n');
}

const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)]
  .filter((page) => page.endsWith('.md'))
  .map((page) => ({ page, script: requestsOf(page) }))
  .filter(({ script }) => script !== '');

let product: Product;

beforeAll(async () => {
  product = await buildProduct();
}, 2 * MINUTES);

afterAll(() => product.dispose());

test(
  'Every request that the pages show is answered as they say, by this project served on a laptop',
  async () => {
    expect(pages.map(({ page }) => page)).toContain('docs/api.md');
    const server = product.start(['dev', '--port', '0']);
    try {
      const [, link = ''] = await server.until(/Headrace is up at (\S+)/);
      const { url } = readSignInLink(link);
      for (const { page, script } of pages) {
        // Each curl prints its answer, then a line of its own with the status.
        const wrapped = [
          'set -eu',
          String.raw`curl() { command curl -sS -w '\n%{http_code} %{url_effective}\n' "$@"; }`,
          `npx() { shift; '${process.execPath}' '${PROGRAM}' "$@"; }`,
          script.replaceAll(DOCUMENTED_ADDRESS, url),
        ].join('\n');
        const { stdout, stderr, status } = spawnSync('bash', ['-c', wrapped], {
          encoding: 'utf8',
          env: { ...process.env, HEADRACE_HOME: product.home },
        });
        const answers = stdout.match(/^\d{3} http.*$/gm) ?? [];

        expect([page, status, stderr]).toEqual([page, 0, '']);
        expect(answers).toHaveLength(script.match(/^curl /gm)?.length ?? 0);
        expect(answers.filter((answer) => !/^20[0-2] /.test(answer))).toEqual([]);
        // GraphQL says in the body what is wrong with a query.
        expect(stdout).not.toContain('"errors"');
      }
    } finally {
      server.child.kill('SIGTERM');
      await server.ended;
    }
  },
  3 * MINUTES,
);
