/**
 * Who may import whom: the layering of `docs/architecture.md`, checked by `npm run imports`.
 * Each entry of LAYERS is a folder of lib/ and the folders of lib/ that it may import.
 */
const LAYERS = {
  model: [],
  definitions: ['model'],
  ports: ['model'],
  settings: ['model'],
  'run-coordinator': ['model'],
  engine: ['model', 'ports', 'settings', 'run-coordinator'],
  execution: ['model', 'definitions', 'ports'],
  build: ['model', 'definitions'],
  api: ['model', 'ports', 'engine'],
  'adapters/postgres': ['model', 'ports'],
  'adapters/system': ['model', 'ports'],
  'adapters/local': ['model', 'ports', 'settings', 'run-coordinator', 'adapters/postgres', 'adapters/system'],
  'adapters/aws': ['model', 'ports', 'settings', 'run-coordinator', 'adapters/postgres', 'adapters/system'],
  ingestion: ['model', 'definitions'],
  'integrations/rest': ['ingestion', 'model', 'definitions'],
  'integrations/snowflake': ['ingestion', 'model', 'definitions'],
  'integrations/dbt': ['ingestion', 'model', 'definitions'],
  testing: ['model', 'definitions', 'ports', 'engine', 'execution'],
  client: ['model'],
  infra: ['model', 'settings', 'run-coordinator'],
};

/** Layers that may also read the environment's declaration. */
const READS_ENVIRONMENT = new Set([
  'adapters/system',
  'adapters/local',
  'adapters/aws',
  'infra',
  // dbt is a process of its own and gets an environment of its own.
  'integrations/dbt',
]);

/** Layers that ask whether a process lives: they look after what killed ones left behind. */
const LOOKS_AFTER_PROCESSES = new Set(['adapters/local', 'ingestion']);

/** Layers that must run anywhere, so that everything can be simulated: no Node built-ins. */
const PURE = ['model', 'definitions', 'ports', 'engine'];

const layerRules = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `layer-${layer.replace('/', '-')}`,
  comment: `lib/${layer} may import: ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^lib/${layer}/` },
  to: {
    path: '^(lib|bin|lambdas|dashboard|orchestration|orchestration-dbt|test|tools|bench)/',
    pathNot: [
      `^lib/${layer}/`,
      ...allowed.map((other) => `^lib/${other}/`),
      ...(READS_ENVIRONMENT.has(layer) ? ['^lib/environment\\.ts$'] : []),
      ...(LOOKS_AFTER_PROCESSES.has(layer) ? ['^lib/is-running\\.ts$'] : []),
    ],
  },
}));

/** Vendors that have one home. */
const VENDORS = [
  ['aws-sdk', '@aws-sdk', '^(lib/adapters/(aws|postgres)|lib/integrations|orchestration|test|tools|bench)'],
  ['cdk', '(aws-cdk-lib|constructs)', '^(lib/infra|bin/app\\.ts|test)'],
  ['pg', 'pg', '^(lib/adapters|test|tools|bench)'],
  ['graphql', '(graphql|graphql-yoga|@pothos/core)', '^(lib/api|lib/cli|lambdas|dashboard|test|bench)'],
  ['react', '(react|react-dom)', '^(dashboard|test)'],
];

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'not-resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(virtual|worker):' },
    },
    ...layerRules,
    {
      name: 'public-api',
      severity: 'error',
      from: { path: '^lib/index\\.ts$' },
      to: { path: '^lib/', pathNot: ['^lib/(model|definitions)/'] },
    },
    {
      name: 'cli-without-infra',
      severity: 'error',
      from: { path: '^lib/cli/' },
      to: { path: '^(lib/infra|bin|lambdas|dashboard|orchestration|orchestration-dbt|test|tools|bench)/' },
    },
    {
      name: 'entry-points',
      severity: 'error',
      from: { path: '^bin/(?!app\\.ts)' },
      to: { path: '^(lib/infra|lambdas|dashboard|orchestration|orchestration-dbt|test|bench)/' },
    },
    {
      name: 'functions',
      comment: 'a function wires and parses; what two of them share lies in lib/',
      severity: 'error',
      from: { path: '^lambdas/([^/]+)/' },
      to: {
        path: '^(lib/(cli|infra|testing|adapters/local)|bin|lambdas|dashboard|orchestration|orchestration-dbt|test|tools|bench)/',
        pathNot: '^lambdas/$1/',
      },
    },
    {
      name: 'cdk-app',
      severity: 'error',
      from: { path: '^bin/app\\.ts$' },
      to: { path: '^(lib|lambdas)/', pathNot: '^lib/((infra|settings)/|environment\\.ts$)' },
    },
    {
      name: 'user-code-uses-the-package',
      severity: 'error',
      from: { path: '^orchestration(-dbt)?/' },
      to: {
        path: '^(lib|bin|lambdas|test|tools|bench|dashboard)/',
        pathNot: '^lib/(index|integrations/[a-z]+/index|client/index)\\.ts$',
      },
    },
    {
      name: 'dashboard-features',
      severity: 'error',
      from: { path: '^dashboard/src/(components|graphql)/' },
      to: { path: '^dashboard/src/(features|app)/' },
    },
    {
      name: 'dashboard-features-not-app',
      severity: 'error',
      from: { path: '^dashboard/src/features/' },
      to: { path: '^dashboard/src/app/' },
    },
    {
      name: 'dashboard-stands-alone',
      severity: 'error',
      comment: 'but for the languages of selections, which are said once and need nothing of Node',
      from: { path: '^dashboard/src/' },
      to: {
        path: '^(lib|bin|lambdas|orchestration|test|tools|bench)',
        pathNot: '^lib/model/(selection|parse-selection|selection-syntax|select-steps|near-misses)\\.ts$',
      },
    },
    {
      name: 'nothing-imports-tests-or-tools',
      severity: 'error',
      from: { path: '^(lib|lambdas|dashboard|orchestration)' },
      to: { path: '^(test|tools|bench)/' },
    },
    {
      name: 'pure-layers',
      comment: 'clock, ids and IO come in through ports',
      severity: 'error',
      from: { path: `^lib/(${PURE.join('|')})/` },
      to: { dependencyTypes: ['core'] },
    },
    ...VENDORS.map(([name, path, home]) => ({
      name: `vendor-${name}`,
      severity: 'error',
      from: { pathNot: home },
      to: { path: `^node_modules/${path}(/|$)` },
    })),
  ],
  options: {
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // The parser does not read declaration files of modules. Packages stay: many lie in a dist/ of their own.
    exclude: { path: '^(dist|test/fixtures)/|^(bin|lib|bench|test|tools)/.*\\.d\\.mts$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
  },
};
