/**
 * Makes the functions that run on AWS: each folder of `lambdas/` becomes `dist/lambdas/<name>/handler.mjs`, one
 * minified file with everything in it, AWS SDK included, so that a function runs what was tested. Beside it lies what
 * it starts or hands out: programs with user code, packages that bundles leave out, the dashboard.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Programs of `bin/` that a function starts as a process for user code. */
const CHILDREN = { 'code-location': 'code-location', 'run-on-lambda': 'worker' };

/** Left out, beside native parts of packages: where the SDK looks for credentials after the environment, in which every function has them. */
const NEVER_REACHED = [
  ...['ini', 'login', 'process', 'sso', 'web-identity'].map(
    (source) => `@aws-sdk/credential-provider-${source}`,
  ),
  '@smithy/credential-provider-imds',
];

/** CommonJS packages inside an ES module find `require`, `__filename` and `__dirname`. */
const BANNER = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
].join('');

/** @param {{ root: string, outDirectory: string }} options */
export async function buildFunctions({ root, outDirectory }) {
  const esbuild = await import('esbuild');
  const out = join(outDirectory, 'lambdas');
  rmSync(out, { recursive: true, force: true });
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    legalComments: 'none',
    logLevel: 'warning',
    external: [...NEVER_REACHED, 'pg-native', '*.node'],
  };
  const names = readdirSync(join(root, 'lambdas'));
  await esbuild.build({
    ...common,
    entryPoints: [
      ...names.map((name) => ({ in: join(root, 'lambdas', name, 'handler.ts'), out: `${name}/handler` })),
      ...Object.entries(CHILDREN).map(([name, program]) => ({
        in: join(root, 'bin', `${program}.ts`),
        out: `${name}/${program}`,
      })),
    ],
    outdir: out,
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    banner: { js: BANNER },
    mainFields: ['module', 'main'],
    sourcemap: true,
    sourcesContent: false,
    plugins: [lessOfZod, nativeFetch, noLandingPage, modularYaml, onlyDataApi],
  });
  await bundleRuntimePackages(esbuild, common, root, out);
  cpSync(join(outDirectory, 'dashboard'), join(out, 'publish-dashboard', 'dashboard'), { recursive: true });
}

/**
 * Packages that code bundles leave out, each as one file under its own name: with what it depends on `snowflake-sdk`
 * would be 100 MB.
 */
async function bundleRuntimePackages(esbuild, common, root, out) {
  const source = readFileSync(join(root, 'lib', 'build', 'bundle-code.ts'), 'utf8');
  const packages = JSON.parse(
    (/RUNTIME_PACKAGES = (\[[^\]]*\])/.exec(source)?.[1] ?? '[]').replaceAll("'", '"'),
  );
  for (const name of packages) {
    const { version, main } = JSON.parse(
      readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
    );
    const [first, ...others] = Object.keys(CHILDREN).map((each) => join(out, each, 'node_modules', name));
    mkdirSync(first, { recursive: true });
    await esbuild.build({
      ...common,
      entryPoints: [join(root, 'node_modules', name, main)],
      outfile: join(first, 'index.cjs'),
      format: 'cjs',
      mainFields: ['main'],
    });
    writeFileSync(join(first, 'package.json'), JSON.stringify({ name, version, main: 'index.cjs' }));
    for (const other of others) {
      mkdirSync(dirname(other), { recursive: true });
      cpSync(first, other, { recursive: true });
    }
  }
}

/**
 * Zod's messages in 48 languages are a fifth of what the API weighs; the API speaks English. And nobody makes a schema of
 * Zod's from a JSON schema, which its namespace brings along.
 */
const lessOfZod = {
  name: 'less-of-zod',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]classic[\\/]from-json-schema\.js$/ }, () => ({
      contents: "export function fromJSONSchema() { throw new Error('Left out of this build.'); }",
    }));
  },
};

/** GraphQL Yoga brings a fetch of its own for old Nodes. */
const nativeFetch = {
  name: 'native-fetch',
  setup(build) {
    build.onResolve({ filter: /^@whatwg-node\/fetch$/ }, ({ resolveDir, kind }) =>
      build.resolve('@whatwg-node/fetch/dist/esm-ponyfill.js', { resolveDir, kind }),
    );
  },
};

/** GraphQL Yoga's page for who asks for nothing is never shown: `landingPage` is off. */
const noLandingPage = {
  name: 'no-landing-page',
  setup(build) {
    build.onLoad({ filter: /[\\/]graphql-yoga[\\/]esm[\\/]landing-page-html\.js$/ }, () => ({
      contents: "export default '';",
    }));
  },
};

/** The build of `yaml` as modules, of which a function gets what it uses: most only write. */
const modularYaml = {
  name: 'modular-yaml',
  setup(build) {
    build.onResolve({ filter: /^yaml$/ }, ({ resolveDir }) => ({
      path: join(
        dirname(createRequire(join(resolveDir, '_')).resolve('yaml/package.json')),
        'browser/dist/index.js',
      ),
      sideEffects: false,
    }));
  },
};

/** Functions reach the database by the Data API, so the driver for ordinary connections is never made. */
const onlyDataApi = {
  name: 'only-data-api',
  setup(build) {
    build.onResolve({ filter: /^pg$/ }, () => ({ path: 'pg', namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'export default {};' }));
  },
};
