import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiTokenView, CodeLocationDifference, CodeLocationsView } from '../../lib/client';

/** What the fixture's deployment page is about: tokens, versions, pools, the audit log. */
export interface DeploymentState {
  isAdmin: boolean;
  tokens: ApiTokenView[];
  locations: CodeLocationsView['locations'][number][];
  pools: FixturePool[];
  audit: FixtureAudit[];
  /** Run and step of each slot that was taken away. */
  freedSlots: string[];
}

interface FixturePool {
  concurrencyKey: string;
  limit: number | null;
  activeRunIds: string[];
  pendingStepCount: number;
}

interface FixtureAudit {
  id: string;
  timestamp: number;
  user: string;
  role: string;
  via: string;
  action: string;
  input: unknown;
  before: unknown;
  after: unknown;
  outcome: 'DONE' | 'REFUSED' | 'FAILED';
  message: string | null;
  requestId: string;
}

const DAY = 86_400_000;
const bundle = (head: string): string => `${head}${'0'.repeat(32 - head.length)}`;
export const servedBundle = bundle('3ac91f77');
export const earlierBundle = bundle('9f2c4121');

export function createDeploymentState(
  now: number,
  runs: { readonly first: string; readonly second: string },
): DeploymentState {
  const token = (name: string, more: Partial<ApiTokenView>): ApiTokenView => ({
    id: `${name.length}f3b7c2a90d1e4586`.slice(0, 16),
    name,
    role: 'launcher',
    locations: null,
    createdAt: now - 30 * DAY,
    createdBy: 'mara.lindqvist@example.com',
    expiresAt: now + 60 * DAY,
    lastUsedAt: null,
    ...more,
  });
  return {
    isAdmin: true,
    freedSlots: [],
    tokens: [
      token('ci', {}),
      token('dbt-docs', { role: 'viewer', expiresAt: now + 3 * DAY }),
      token('old-loader', {
        locations: ['orchestration', 'growth-science'],
        createdAt: now - 120 * DAY,
        expiresAt: now - 30 * DAY,
      }),
    ],
    locations: [
      {
        name: 'orchestration',
        bundleHash: servedBundle,
        error: null,
        updatedAt: now - 4_000,
        versions: [
          { bundleHash: servedBundle, pushedAt: now - 4_000, by: 'ci' },
          { bundleHash: earlierBundle, pushedAt: now - DAY, by: 'tomas.ferreira@example.com' },
          { bundleHash: bundle('77d0be11'), pushedAt: now - 3 * DAY, by: null },
        ],
      },
      {
        name: 'growth-science',
        bundleHash: bundle('5be1f0aa'),
        error: 'DefinitionError',
        updatedAt: now,
        versions: [],
      },
    ],
    pools: [
      {
        concurrencyKey: 'snowflake',
        limit: 8,
        activeRunIds: [runs.first, runs.second],
        pendingStepCount: 3,
      },
      { concurrencyKey: 'github_api', limit: 4, activeRunIds: [runs.first], pendingStepCount: 0 },
    ],
    audit: makeAudit(now, runs.first),
  };
}

function makeAudit(now: number, runId: string): FixtureAudit[] {
  const selector = { repositoryLocationName: 'orchestration', repositoryName: '__repository__' };
  const kinds: readonly Partial<FixtureAudit>[] = [
    {
      action: 'setConcurrencyLimit',
      input: { concurrencyKey: 'github_api', limit: 4 },
      before: { limit: 2 },
      after: { limit: 4 },
    },
    {
      action: 'startSchedule',
      input: { scheduleSelector: { ...selector, scheduleName: 'nightly_dbt' } },
      before: { status: 'STOPPED', cursor: null },
      after: { status: 'RUNNING', cursor: null },
    },
    {
      action: 'wipeAssets',
      input: { assetPartitionRanges: [{ assetKey: { path: ['raw', 'github_issues'] } }] },
      user: 'tomas.ferreira@example.com',
      role: 'viewer',
      outcome: 'REFUSED',
      message: 'tomas.ferreira@example.com has the role viewer; this needs editor.',
    },
    {
      action: 'POST /api/runs/{id}/cancel',
      input: { id: runId },
      user: 'ci',
      role: 'launcher',
      via: 'the API',
      outcome: 'FAILED',
      message: 'The run has ended already.',
    },
  ];
  return Array.from({ length: 120 }, (_, index) => ({
    id: String(500 - index),
    timestamp: (now - index * 540_000) / 1_000,
    user: 'mara.lindqvist@example.com',
    role: 'admin',
    via: 'the dashboard',
    action: '',
    input: {},
    before: null,
    after: null,
    outcome: 'DONE',
    message: null,
    requestId: `0192f7a0-0000-7000-8000-${String(index).padStart(12, '0')}`,
    ...kinds[index % kinds.length],
  }));
}

interface AuditArgs {
  limit?: number;
  cursor?: string;
  user?: string;
  action?: string;
  outcome?: string;
}

/** The fields of Query and Mutation that are about the deployment. */
export function deploymentRoots(deployment: DeploymentState) {
  const setLimit = (key: string, limit: number | null): boolean => {
    const pool = deployment.pools.find(({ concurrencyKey }) => concurrencyKey === key);
    if (pool) pool.limit = limit;
    else deployment.pools.push({ concurrencyKey: key, limit, activeRunIds: [], pendingStepCount: 0 });
    return true;
  };
  return {
    permissions: () =>
      Object.entries(neededRoles).map(([permission, role]) => ({
        permission,
        value: deployment.isAdmin,
        disabledReason: deployment.isAdmin ? null : `needs the role ${role}`,
      })),
    auditEntriesOrError: ({ limit = 50, cursor, user, action, outcome }: AuditArgs) => {
      if (!deployment.isAdmin) {
        return { __typename: 'UnauthorizedError', message: 'vera has the role viewer; this needs admin.' };
      }
      const results = deployment.audit
        .filter(
          (entry) =>
            (!cursor || Number(entry.id) < Number(cursor)) &&
            (!user || entry.user === user) &&
            (!action || entry.action === action) &&
            (!outcome || entry.outcome === outcome),
        )
        .slice(0, limit);
      return { __typename: 'AuditEntries', results, cursor: results.at(-1)?.id ?? null };
    },
    reloadWorkspace: () => ({
      __typename: 'Workspace',
      id: 'workspace',
      locationEntries: [
        {
          id: 'orchestration',
          name: 'orchestration',
          locationOrLoadError: { __typename: 'RepositoryLocation' },
        },
        { id: 'growth-science', name: 'growth-science', locationOrLoadError: { __typename: 'PythonError' } },
      ],
    }),
    repositoryOrError: () => ({
      __typename: 'Repository',
      id: 'repository',
      usedSolid: ({ name }: { name: string }) =>
        usedSolids.find(({ definition }) => definition.name === name) ?? null,
    }),
    freeConcurrencySlots: ({ runId, stepKey }: { runId: string; stepKey: string }) => {
      deployment.freedSlots.push(`${runId} ${stepKey}`);
      return true;
    },
    setConcurrencyLimit: ({ concurrencyKey, limit }: { concurrencyKey: string; limit: number }) =>
      setLimit(concurrencyKey, limit),
    deleteConcurrencyLimit: ({ concurrencyKey }: { concurrencyKey: string }) =>
      setLimit(concurrencyKey, null),
  };
}

const neededRoles = {
  launch_pipeline_execution: 'launcher',
  reload_repository_location: 'editor',
  reload_workspace: 'editor',
  edit_concurrency_limit: 'admin',
} as const;

const field = (name: string, configType: object, more: object = {}) => ({
  __typename: 'ConfigTypeField',
  name,
  description: null,
  isRequired: false,
  defaultValueAsJson: null,
  configType,
  ...more,
});

/** Ops of two jobs, of which one is in a nested graph, and what makes an asset. */
export const usedSolids = [
  {
    definition: {
      __typename: 'SolidDefinition',
      name: 'clean_rows',
      description: 'Drops rows without a key.',
      pools: ['snowflake'],
      assetNodes: [],
      requiredResources: [{ resourceKey: 'warehouse' }],
      inputDefinitions: [
        { name: 'rows', description: null, type: { __typename: 'RegularDagsterType', isNothing: false } },
      ],
      outputDefinitions: [{ name: 'result', description: null, isDynamic: false }],
      configField: field('config', {
        __typename: 'CompositeConfigType',
        fields: [
          field('limit', { __typename: 'RegularConfigType', key: 'Int' }, { defaultValueAsJson: '1000' }),
          field(
            'mode',
            { __typename: 'EnumConfigType', key: 'mode', values: [{ value: 'strict' }, { value: 'loose' }] },
            { isRequired: true, description: 'What becomes of rows that do not fit.' },
          ),
        ],
      }),
    },
    invocations: [
      {
        pipeline: { id: 'mart_refresh', name: 'mart_refresh' },
        solidHandle: { handleID: 'prepare.clean_rows' },
      },
      { pipeline: { id: 'dbt_intraday', name: 'dbt_intraday' }, solidHandle: { handleID: 'clean_rows' } },
    ],
  },
  {
    definition: {
      __typename: 'SolidDefinition',
      name: 'raw__github_issues',
      description: null,
      pools: [],
      assetNodes: [{ id: 'raw/github_issues' }],
    },
    invocations: [],
  },
];

/** Pools as the API tells of them; `defaultLimit` is that of pools without one. */
export function toPools({ pools, freedSlots }: DeploymentState, defaultLimit: number) {
  return pools.map((pool) => ({
    ...pool,
    slotCount: pool.limit ?? defaultLimit,
    usingDefaultLimit: pool.limit === null,
    activeSlotCount: pool.concurrencyKey === 'snowflake' ? 8 : pool.activeRunIds.length,
    pendingStepRunIds: [],
    claimedSlots: pool.activeRunIds
      .map((runId) => ({ runId, stepKey: `load_${pool.concurrencyKey}` }))
      .filter(({ runId, stepKey }) => !freedSlots.includes(`${runId} ${stepKey}`)),
  }));
}

/** The routes of the REST API that the dashboard uses. */
export async function answerRest(
  deployment: DeploymentState,
  now: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const body = text ? (JSON.parse(text) as Record<string, unknown>) : {};
  const route = `${request.method} ${new URL(request.url ?? '/', 'http://localhost').pathname}`;
  const [status, answer] = answerOf(deployment, now, route, body);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

function answerOf(
  deployment: DeploymentState,
  now: number,
  route: string,
  body: Record<string, unknown>,
): [number, unknown] {
  const isForAdmins = route.includes('/api/tokens') || route.includes('/rollback');
  if (isForAdmins && !deployment.isAdmin) {
    return [
      403,
      {
        detail: `${route} needs the role 'admin'; 'vera' is 'viewer'.`,
        remedy: "Ask an admin of this deployment for the role 'admin'.",
      },
    ];
  }
  const [, id = ''] = /^POST \/api\/tokens\/(\w+)\/revoke$/.exec(route) ?? [];
  const revoked = deployment.tokens.find((token) => token.id === id);
  if (revoked) {
    deployment.tokens = deployment.tokens.filter((token) => token !== revoked);
    return [200, revoked];
  }
  switch (route) {
    case 'GET /api/tokens':
      return [200, { tokens: deployment.tokens }];
    case 'POST /api/tokens': {
      const { name, role, locations, expiresInDays } = body;
      const made: ApiTokenView = {
        id: 'c0ffee0123456789',
        name: String(name),
        role: role as ApiTokenView['role'],
        locations: (locations as string[] | undefined) ?? null,
        createdAt: now,
        createdBy: 'mara.lindqvist@example.com',
        expiresAt: now + Number(expiresInDays) * DAY,
        lastUsedAt: null,
      };
      deployment.tokens.push(made);
      return [201, { ...made, token: `headrace_${made.id}_${'5ec7e1'.repeat(10)}` }];
    }
    case 'GET /api/code-locations':
      return [200, { apiVersion: 1, locations: deployment.locations }];
    case 'GET /api/code-locations/orchestration/difference':
      return [200, difference];
    case 'POST /api/code-locations/orchestration/rollback': {
      const version = String(body.version);
      deployment.locations = deployment.locations.map((location) =>
        location.name === 'orchestration'
          ? {
              ...location,
              bundleHash: version,
              versions: [{ bundleHash: version, pushedAt: now, by: 'mara' }, ...location.versions],
            }
          : location,
      );
      return [200, { location: 'orchestration', bundleHash: version, previous: servedBundle }];
    }
    default:
      return [404, { detail: `There is no route ${route}.` }];
  }
}

const difference: CodeLocationDifference = {
  location: 'orchestration',
  from: earlierBundle,
  to: servedBundle,
  changes: [
    { kind: 'asset', name: 'raw/github_reviews', change: 'added', fields: [] },
    {
      kind: 'asset',
      name: 'raw/github_issues',
      change: 'changed',
      fields: [{ field: 'codeVersion', text: 'code version: 4 → 5' }],
    },
    {
      kind: 'schedule',
      name: 'nightly_dbt',
      change: 'changed',
      fields: [
        { field: 'cron', text: 'cron: Every day at 02:30 (30 2 * * *) → Every day at 03:00 (0 3 * * *)' },
      ],
    },
    { kind: 'sensor', name: 'old_files', change: 'removed', fields: [] },
  ],
};
