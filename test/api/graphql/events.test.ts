import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Metadata } from '../../../lib/model/metadata';
import { anEvent } from '../../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

const METADATA: Metadata = {
  text: { kind: 'text', value: 'a' },
  url: { kind: 'url', value: 'https://x.y' },
  path: { kind: 'path', value: '/a' },
  notebook: { kind: 'notebook', value: '/a.ipynb' },
  md: { kind: 'md', value: '**a**' },
  json: { kind: 'json', value: { a: [1] } },
  int: { kind: 'int', value: 3 },
  large: { kind: 'int', value: 2 ** 40 },
  float: { kind: 'float', value: 1.5 },
  bool: { kind: 'bool', value: false },
  timestamp: { kind: 'timestamp', value: 1_700_000_000.5 },
  run: { kind: 'run', value: 'r1' },
  job: { kind: 'job', value: 'plain', location: 'shop' },
  asset: { kind: 'asset', value: 'raw/orders' },
  pool: { kind: 'pool', value: 'warehouse' },
  table: { kind: 'table', columns: [{ name: 'a', type: 'int' }], records: [{ a: 1 }] },
  schema: {
    kind: 'table_schema',
    columns: [
      { name: 'a', type: 'int', description: 'b' },
      { name: 'c', type: 'int', constraints: { nullable: false, unique: true, other: ['> 0'] } },
    ],
    constraints: ['primary key (c)'],
  },
  lineage: { kind: 'column_lineage', value: { a: [{ asset: 'raw/orders', column: 'b' }] } },
  code: {
    kind: 'code_references',
    value: [
      { file: 'a.ts', line: 7 },
      { url: 'https://x.y/a.ts', label: 'source' },
    ],
  },
  none: { kind: 'null' },
};

const ENTRIES = `metadataEntries { __typename label
  ... on TextMetadataEntry { text } ... on UrlMetadataEntry { url } ... on PathMetadataEntry { path }
  ... on NotebookMetadataEntry { path } ... on MarkdownMetadataEntry { mdStr } ... on JsonMetadataEntry { jsonString }
  ... on IntMetadataEntry { intValue intRepr } ... on FloatMetadataEntry { floatValue } ... on BoolMetadataEntry { boolValue }
  ... on TimestampMetadataEntry { timestamp } ... on PipelineRunMetadataEntry { runId } ... on JobMetadataEntry { jobName locationName }
  ... on AssetMetadataEntry { assetKey { path } } ... on PoolMetadataEntry { pool }
  ... on TableMetadataEntry { table { records schema { columns { name type constraints { nullable unique other } } } } }
  ... on TableSchemaMetadataEntry { schema { constraints { other } columns { name type description constraints { nullable unique other } } } }
  ... on TableColumnLineageMetadataEntry { lineage { columnName columnDeps { assetKey { path } columnName } } }
  ... on CodeReferencesMetadataEntry { codeReferences {
    ... on LocalFileCodeReference { filePath lineNumber label } ... on UrlCodeReference { url label } } } }`;

describe('events by GraphQL', () => {
  let harness: ApiHarness;
  let runId: string;
  beforeAll(async () => {
    harness = await createApiHarness();
    const launched = await harness.rest<{ runId: string }>('POST', '/api/runs', {
      body: { assets: ['raw/orders'], partition: '2026-01-02' },
    });
    runId = launched.body.runId;
    await harness.work(runId, [
      anEvent(
        'ASSET_MATERIALIZATION',
        {
          metadata: METADATA,
          tags: { a: 'b' },
          description: 'all of it',
          dataVersion: 'd1',
          codeVersion: 'c1',
          inputDataVersions: { 'raw/customers': 'd0' },
        },
        { assetKey: 'raw/orders', partition: '2026-01-02', stepKey: 'raw__orders', message: 'done' },
      ),
      anEvent(
        'STEP_FAILURE',
        {
          error: {
            name: 'TypeError',
            message: 'no',
            stack: 'TypeError: no\n    at f (a.ts:1:2)',
            cause: { name: 'Error', message: 'why' },
          },
          exitReason: 'out of memory',
          errorSource: 'UNEXPECTED_ERROR',
          metadata: { file: { kind: 'text', value: 'a.csv' } },
        },
        { stepKey: 'raw__orders', level: 'ERROR', timestamp: 1_700_000_000_123 },
      ),
      anEvent(
        'LOADED_INPUT',
        { input: 'rows', ioManager: 'io_manager', upstreamStep: 'read', upstreamOutput: 'result' },
        { stepKey: 'raw__orders' },
      ),
      anEvent('STEP_INPUT', { input: 'rows' }, { stepKey: 'raw__orders' }),
    ]);
  });
  afterAll(() => harness.close());

  async function eventOf(type: string, selection: string): Promise<unknown> {
    const { data, errors } = await harness.graphql<{
      logsForRun: { events: ({ __typename: string } | undefined)[] };
    }>(
      `{ logsForRun(runId: "${runId}") { ... on EventConnection { events { __typename ... on ${type} { ${selection} } } } } }`,
    );
    expect(errors).toBeUndefined();
    return data.logsForRun.events.find((event) => event?.__typename === type);
  }

  test('metadata of every kind keeps its value', async () => {
    const event = (await eventOf('MaterializationEvent', ENTRIES)) as {
      metadataEntries: { label: string }[];
    };
    const byLabel = Object.fromEntries(event.metadataEntries.map(({ label, ...entry }) => [label, entry]));
    expect(byLabel).toEqual({
      text: { __typename: 'TextMetadataEntry', text: 'a' },
      url: { __typename: 'UrlMetadataEntry', url: 'https://x.y' },
      path: { __typename: 'PathMetadataEntry', path: '/a' },
      notebook: { __typename: 'NotebookMetadataEntry', path: '/a.ipynb' },
      md: { __typename: 'MarkdownMetadataEntry', mdStr: '**a**' },
      json: { __typename: 'JsonMetadataEntry', jsonString: '{"a":[1]}' },
      int: { __typename: 'IntMetadataEntry', intValue: 3, intRepr: '3' },
      large: { __typename: 'IntMetadataEntry', intValue: null, intRepr: '1099511627776' },
      float: { __typename: 'FloatMetadataEntry', floatValue: 1.5 },
      bool: { __typename: 'BoolMetadataEntry', boolValue: false },
      timestamp: { __typename: 'TimestampMetadataEntry', timestamp: 1_700_000_000.5 },
      run: { __typename: 'PipelineRunMetadataEntry', runId: 'r1' },
      job: { __typename: 'JobMetadataEntry', jobName: 'plain', locationName: 'shop' },
      asset: { __typename: 'AssetMetadataEntry', assetKey: { path: ['raw', 'orders'] } },
      pool: { __typename: 'PoolMetadataEntry', pool: 'warehouse' },
      table: {
        __typename: 'TableMetadataEntry',
        table: {
          records: ['{"a":1}'],
          schema: {
            columns: [{ name: 'a', type: 'int', constraints: { nullable: true, unique: false, other: [] } }],
          },
        },
      },
      schema: {
        __typename: 'TableSchemaMetadataEntry',
        schema: {
          constraints: { other: ['primary key (c)'] },
          columns: [
            {
              name: 'a',
              type: 'int',
              description: 'b',
              constraints: { nullable: true, unique: false, other: [] },
            },
            {
              name: 'c',
              type: 'int',
              description: null,
              constraints: { nullable: false, unique: true, other: ['> 0'] },
            },
          ],
        },
      },
      lineage: {
        __typename: 'TableColumnLineageMetadataEntry',
        lineage: [
          { columnName: 'a', columnDeps: [{ assetKey: { path: ['raw', 'orders'] }, columnName: 'b' }] },
        ],
      },
      code: {
        __typename: 'CodeReferencesMetadataEntry',
        codeReferences: [
          { filePath: 'a.ts', lineNumber: 7, label: null },
          { url: 'https://x.y/a.ts', label: 'source' },
        ],
      },
      none: { __typename: 'NullMetadataEntry' },
    });
  });

  test('a materialization tells its asset, partition, versions, tags and run', async () => {
    expect(
      await eventOf(
        'MaterializationEvent',
        'message description partition stepKey assetKey { path } tags { key value } runOrError { ... on Run { runId jobName } }',
      ),
    ).toEqual({
      __typename: 'MaterializationEvent',
      message: 'done',
      description: 'all of it',
      partition: '2026-01-02',
      stepKey: 'raw__orders',
      assetKey: { path: ['raw', 'orders'] },
      tags: [
        { key: 'dagster/data_version', value: 'd1' },
        { key: 'dagster/code_version', value: 'c1' },
        { key: 'dagster/input_data_version/raw/customers', value: 'd0' },
        { key: 'a', value: 'b' },
      ],
      runOrError: { runId, jobName: '__ASSET_JOB' },
    });
  });

  test('a failure tells its error with its causes, and how the process ended', async () => {
    expect(
      await eventOf(
        'ExecutionStepFailureEvent',
        'level timestamp exitReason errorSource failureMetadata { description metadataEntries { label ... on TextMetadataEntry { text } } } error { message className stack cause { message } errorChain { isExplicitLink error { message } } }',
      ),
    ).toEqual({
      __typename: 'ExecutionStepFailureEvent',
      level: 'ERROR',
      timestamp: '1700000000123',
      exitReason: 'out of memory',
      errorSource: 'UNEXPECTED_ERROR',
      failureMetadata: { description: 'no', metadataEntries: [{ label: 'file', text: 'a.csv' }] },
      error: {
        message: 'TypeError: no',
        className: 'TypeError',
        stack: ['    at f (a.ts:1:2)'],
        cause: { message: 'Error: why' },
        errorChain: [{ isExplicitLink: true, error: { message: 'Error: why' } }],
      },
    });
  });

  test('an input tells where it comes from; its type is Any', async () => {
    expect(await eventOf('LoadedInputEvent', 'upstreamStepKey upstreamOutputName')).toMatchObject({
      upstreamStepKey: 'read',
      upstreamOutputName: 'result',
    });
    expect(await eventOf('ExecutionStepInputEvent', 'inputName typeCheck { success label }')).toMatchObject({
      inputName: 'rows',
      typeCheck: { success: true, label: null },
    });
  });

  test('a query may spread on events of Dagster that no run here logs', async () => {
    const { errors, data } = await harness.graphql<{ logsForRun: { __typename: string } }>(
      `{ logsForRun(runId: "${runId}") { __typename ... on EventConnection { events {
        ... on ObjectStoreOperationEvent { operationResult { op } }
        ... on StepExpectationResultEvent { expectationResult { success } }
        ... on HealthChangedEvent { assetKey { path } } ... on AlertStartEvent { runId }
        ... on LogsCapturedEvent { externalUrl shellCmd { stdout } } } } } }`,
    );
    expect([errors, data.logsForRun.__typename]).toEqual([undefined, 'EventConnection']);
  });
});
