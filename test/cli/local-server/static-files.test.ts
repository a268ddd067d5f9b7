import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStaticFiles } from '../../../lib/cli/local-server/static-files';

let folder: string;
let serve: ReturnType<typeof createStaticFiles>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headrace-static-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), 'the page');
  writeFileSync(join(folder, 'config.json'), '{}');
  writeFileSync(join(folder, 'assets', 'main-G7WC7JS5.js'), 'the script');
  serve = createStaticFiles(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  '/',
  '/runs/7d2f90ac-0000-4000-8000-000000000000',
  '/assets',
  '/assets/raw/orders',
  '/assets/raw/orders.json',
  '/assets/main.js',
  '/assets/raw/main-G7WC7JS5.js',
])('%s is a page, which is never cached', async (path) => {
  const response = await serve(path);

  expect(response.status).toBe(200);
  expect(await response.text()).toBe('the page');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-cache');
});

test('A file named by its content is cached for good, config.json is not', async () => {
  const script = await serve('/assets/main-G7WC7JS5.js');
  const config = await serve('/config.json');

  expect(await script.text()).toBe('the script');
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(await config.text()).toBe('{}');
  expect(config.headers.get('cache-control')).toBe('no-cache');
});

test.each([
  '/assets/gone-G7WC7JS5.js',
  '/favicon.ico',
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/a%00.js',
])('%s is not found, rather than a page', async (path) => {
  expect((await serve(path)).status).toBe(404);
});
