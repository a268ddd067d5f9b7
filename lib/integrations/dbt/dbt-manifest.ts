import { z } from 'zod';
import { DbtManifestError } from './errors';

/** `not_null`, `unique`, `primary_key`, `foreign_key`, `check` or `custom`, of a column or of a model. */
const constraint = z.object({
  type: z.string(),
  expression: z.string().nullish(),
  columns: z.array(z.string()).default([]),
  to: z.string().nullish(),
  to_columns: z.array(z.string()).default([]),
});

/** The parts of dbt's `manifest.json` (v12) that become assets and checks. Everything else is ignored. */
const column = z.object({
  name: z.string(),
  description: z.string().default(''),
  data_type: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  constraints: z.array(constraint).default([]),
});

const duration = z.union([z.string(), z.number()]);

const dagsterMeta = z
  .object({
    asset_key: z.array(z.string()).optional(),
    group: z.string().optional(),
    owners: z.array(z.string()).optional(),
    freshness: z.object({ failWindow: duration, warnWindow: duration.optional() }).optional(),
  })
  .partial();

const node = z.object({
  unique_id: z.string(),
  name: z.string(),
  alias: z.string().nullish(),
  version: z.union([z.string(), z.number()]).nullish(),
  package_name: z.string(),
  resource_type: z.string(),
  fqn: z.array(z.string()),
  description: z.string().default(''),
  relation_name: z.string().nullish(),
  original_file_path: z.string(),
  checksum: z.object({ checksum: z.string() }).optional(),
  columns: z.record(z.string(), column).default({}),
  constraints: z.array(constraint).default([]),
  tags: z.array(z.string()).default([]),
  depends_on: z.object({ nodes: z.array(z.string()).default([]) }).default({ nodes: [] }),
  config: z
    .object({
      enabled: z.boolean().default(true),
      materialized: z.string().nullish(),
      schema: z.string().nullish(),
      group: z.string().nullish(),
      severity: z.string().nullish(),
      meta: z.object({ dagster: dagsterMeta.optional() }).loose().default({}),
    })
    .loose(),
  attached_node: z.string().nullish(),
});

const source = z.object({
  unique_id: z.string(),
  source_name: z.string(),
  name: z.string(),
  description: z.string().default(''),
  meta: z.object({ dagster: dagsterMeta.optional() }).loose().default({}),
});

const unitTest = z.object({
  unique_id: z.string(),
  name: z.string(),
  model: z.string(),
  fqn: z.array(z.string()),
  description: z.string().nullish(),
  original_file_path: z.string(),
  depends_on: z.object({ nodes: z.array(z.string()).default([]) }).default({ nodes: [] }),
});

const manifestSchema = z.object({
  metadata: z.object({
    dbt_schema_version: z.string(),
    adapter_type: z.string().nullish(),
    project_name: z.string().nullish(),
  }),
  nodes: z.record(z.string(), node),
  sources: z.record(z.string(), source),
  unit_tests: z.record(z.string(), unitTest).default({}),
});

export type DbtManifest = z.infer<typeof manifestSchema>;
export type DbtNode = DbtManifest['nodes'][string];
export type DbtConstraint = z.infer<typeof constraint>;
export type DbtSource = DbtManifest['sources'][string];

/**
 * Reads a manifest's text.
 *
 * @throws {DbtManifestError} when it is no manifest, naming the first field that is wrong
 */
export function parseDbtManifest(text: string, path: string): DbtManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DbtManifestError(path, 'is not JSON', { cause: error });
  }
  const result = manifestSchema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new DbtManifestError(
    path,
    `is not of a version that is understood: ${issue?.path.join('.')}: ${issue?.message}`,
    {
      cause: result.error,
    },
  );
}
