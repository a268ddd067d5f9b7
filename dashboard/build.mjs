/**
 * Builds the dashboard into dist/dashboard: hashed files in assets/, index.html, config.json.
 * `node dashboard/build.mjs` prints every file's gzip size and fails above the budgets.
 * `--watch` rebuilds on change, without minifying and without budgets.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, context } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const src = path.join(here, 'src');
const out = path.join(here, '..', 'dist', 'dashboard');
const watch = process.argv.includes('--watch');

/** gzip KB. The initial page loads one script graph; every other chunk comes on demand. */
const budgets = { initial: 150, chunk: 130 };

/** Every stylesheet in one file, so that a lazy page never paints before its styles. */
const allStyles = {
  name: 'all-styles',
  setup(builder) {
    builder.onResolve({ filter: /^virtual:styles$/ }, () => ({ path: 'styles', namespace: 'all-styles' }));
    builder.onLoad({ filter: /.*/, namespace: 'all-styles' }, async () => {
      const files = (await readdir(src, { recursive: true })).filter((name) => name.endsWith('.css'));
      const rank = (name) =>
        ['components/tokens.css', 'components/base.css'].indexOf(name.replaceAll('\\', '/')) + 1 || 9;
      files.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
      const contents = files.map((name) => `import ${JSON.stringify(path.join(src, name))};`).join('\n');
      return { contents, resolveDir: src, watchFiles: files.map((name) => path.join(src, name)) };
    });
  },
};

/** `import url from 'worker:./file'`: the script of a worker, bundled by itself into a hashed file. */
const workers = {
  name: 'workers',
  setup(builder) {
    builder.onResolve({ filter: /^worker:/ }, ({ path: name, resolveDir }) => ({
      path: `${path.resolve(resolveDir, name.slice('worker:'.length))}.js`,
      namespace: 'worker',
    }));
    builder.onLoad({ filter: /.*/, namespace: 'worker' }, async ({ path: file }) => {
      const { outputFiles, metafile } = await build({
        entryPoints: [file.replace(/\.js$/, '.ts')],
        bundle: true,
        write: false,
        metafile: true,
        format: 'esm',
        target: options.target,
        minify: options.minify,
      });
      const watchFiles = Object.keys(metafile.inputs).map((input) => path.resolve(input));
      return { contents: outputFiles[0].contents, loader: 'file', watchFiles };
    });
  },
};

/**
 * Every lazy page begins by importing what the initial page has and what pages share. A module's chunk follows
 * from the set of entries that reach it; with two such sets there are two shared chunks instead of a hundred.
 */
const sharedChunks = (pages, initial, shared) => ({
  name: 'shared-chunks',
  setup(builder) {
    const lists = { 'virtual:initial': ['virtual:styles', ...initial], 'virtual:shared': shared };
    builder.onResolve({ filter: /^virtual:(initial|shared)$/ }, ({ path: name }) => ({
      path: name,
      namespace: 'shared-chunks',
    }));
    builder.onLoad({ filter: /.*/, namespace: 'shared-chunks' }, ({ path: name }) => ({
      contents: lists[name].map((file) => `import ${JSON.stringify(file)};`).join('\n'),
      resolveDir: src,
    }));
    builder.onLoad({ filter: /\.tsx?$/ }, async ({ path: file }) => {
      if (!pages.includes(file)) return undefined;
      const contents = await readFile(file, 'utf8');
      return {
        contents: `import 'virtual:initial'; import 'virtual:shared';\n${contents}`,
        loader: file.endsWith('x') ? 'tsx' : 'ts',
      };
    });
  },
});

/** Our modules by where they are needed: the initial page, several lazy pages; and the lazy pages themselves. */
async function surveyModules() {
  const { metafile } = await build({ ...options, plugins: [allStyles, workers], write: false });
  const { outputs } = metafile;
  const entry = Object.keys(outputs).find((file) => outputs[file].entryPoint?.endsWith('app/main.tsx'));
  const own = (files) =>
    files
      .flatMap((file) => Object.keys(outputs[file].inputs))
      .filter((file) => /\.tsx?$/.test(file) && !file.includes('node_modules') && !file.includes('virtual:'))
      .map((file) => path.resolve(file));
  const first = staticImports(outputs, entry);
  const scripts = Object.keys(outputs).filter((file) => file.endsWith('.js'));
  const lazy = scripts.filter((file) => outputs[file].entryPoint && file !== entry);
  return {
    pages: lazy.map((file) => path.resolve(outputs[file].entryPoint)),
    initial: own(first.filter((file) => file !== entry)),
    shared: own(scripts.filter((file) => !outputs[file].entryPoint && !first.includes(file))),
  };
}

/** Writes index.html and config.json, removes the chunks' copies of the styles, prints sizes. */
const finish = {
  name: 'finish',
  setup(builder) {
    builder.onEnd(async (result) => {
      if (result.errors.length > 0 || !result.metafile) return;
      const outputs = result.metafile.outputs;
      const entry = Object.keys(outputs).find((file) => outputs[file].entryPoint?.endsWith('app/main.tsx'));
      const url = (file) => `/assets/${path.basename(file)}`;
      const styles = outputs[entry].cssBundle;
      const initial = staticImports(outputs, entry);
      const icon = Object.keys(outputs).find((file) => /favicon-[^/]+\.svg$/.test(file));
      for (const file of Object.keys(outputs)) {
        if (/\.css(\.map)?$/.test(file) && !file.startsWith(styles)) await rm(file, { force: true });
      }
      const html = (await readFile(path.join(here, 'index.html'), 'utf8'))
        .replace('{{icon}}', icon ? url(icon) : 'data:,')
        .replace('{{styles}}', url(styles))
        .replace('{{script}}', url(entry))
        .replace(
          '    <!-- preloads -->\n',
          initial
            .filter((file) => file !== entry)
            .map((file) => `    <link rel="modulepreload" href="${url(file)}" />\n`)
            .join(''),
        );
      await writeFile(path.join(out, 'index.html'), html);
      await writeFile(path.join(out, 'config.json'), `${JSON.stringify({ apiUrl: '/graphql' }, null, 2)}\n`);
      if (!watch) await report(outputs, initial, styles);
    });
  },
};

function staticImports(outputs, entry) {
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file) || !outputs[file]) return;
    seen.add(file);
    for (const { path: next, kind } of outputs[file].imports) if (kind === 'import-statement') visit(next);
  };
  visit(entry);
  return [...seen];
}

async function report(outputs, initial, styles) {
  const sizes = new Map();
  for (const file of Object.keys(outputs)) {
    if (!file.endsWith('.js') && file !== styles) continue;
    sizes.set(file, gzipSync(await readFile(file), { level: 9 }).length / 1024);
  }
  const total = initial.reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
  const lines = [...sizes].sort((a, b) => b[1] - a[1]);
  for (const [file, size] of lines) {
    const mark = initial.includes(file) ? 'initial' : file === styles ? 'styles ' : '       ';
    console.log(`${mark} ${size.toFixed(1).padStart(7)} KB  ${path.basename(file)}`);
  }
  console.log(`initial JavaScript ${total.toFixed(1)} KB gzip of ${budgets.initial}`);
  const heavy = lines.filter(
    ([file, size]) => file.endsWith('.js') && !initial.includes(file) && size > budgets.chunk,
  );
  if (total > budgets.initial || heavy.length > 0) {
    console.error(
      `over budget: ${total > budgets.initial ? 'initial page ' : ''}${heavy.map(([f]) => f).join(' ')}`,
    );
    process.exitCode = 1;
  }
}

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: [path.join(src, 'app', 'main.tsx')],
  outdir: path.join(out, 'assets'),
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  minify: !watch,
  sourcemap: watch ? 'linked' : false,
  metafile: true,
  legalComments: 'none',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.woff2': 'file', '.svg': 'file' },
  define: { 'process.env.NODE_ENV': watch ? '"development"' : '"production"' },
  plugins: [allStyles, workers, finish],
  logLevel: 'warning',
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
if (watch) {
  await (await context(options)).watch();
} else {
  const { pages, initial, shared } = await surveyModules();
  await build({ ...options, plugins: [allStyles, workers, sharedChunks(pages, initial, shared), finish] });
}
