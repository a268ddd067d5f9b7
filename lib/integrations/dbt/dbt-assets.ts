import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import {
  type AssetSpec,
  type MultiAssetDefinition,
  type MultiAssetResult,
  multiAsset,
} from '../../definitions/multi-asset';
import type { RetryOptions } from '../../definitions/retry';
import { captureSource } from '../../definitions/source-capture';
import { environmentForUserCode, lookUpEnvironment } from '../../environment';
import type { JsonObject } from '../../model/json';
import { dbtEnvironment, projectTexts } from './dbt-environment';
import { dbtGraph } from './dbt-graph';
import { parseDbtManifest } from './dbt-manifest';
import { type DbtCommandOptions, runDbt } from './dbt-process';
import { DbtManifestError } from './errors';
import { findDbt, findProject, hostSurroundings } from './find-project';
import { QUERY_TAG } from './partial-parse';
import { type DbtCommand, planCommands } from './plan-commands';
import { selectNodes } from './select-nodes';
import { toCheckEvaluations, toMaterializations } from './to-result';
import { toSpecs } from './to-specs';

/** What a run may configure, at `ops.<name>.config`. */
const config = z.object({
  fullRefresh: z.boolean().default(false).describe('Rebuild incremental models and seeds from nothing.'),
});

export interface DbtAssetsOptions {
  /** Folder of the dbt project: absolute, or beside the bundle, or below the working directory. */
  readonly project: string;
  /** Name of the op and step. Default `dbt_<name of the dbt project>`. */
  readonly name?: string;
  /** Folder of `profiles.yml`. Default: the project's. */
  readonly profilesDirectory?: string;
  /** Target of the profile. Default: the profile's own. */
  readonly target?: string;
  /** dbt selection of the nodes that become assets, e.g. `tag:nightly+`. Default: all. */
  readonly select?: string;
  /** dbt selection of nodes that do not. */
  readonly exclude?: string;
  /** Values for `var(...)`. */
  readonly vars?: JsonObject;
  /** Group of the assets whose node has no `meta.dagster.group`. Default: the folder below `models`. */
  readonly group?: string;
  readonly pool?: string;
  readonly retry?: RetryOptions;
}

/**
 * A dbt project as assets: each model, seed and snapshot an asset, each test and unit test a check, sources as
 * the assets of whoever loads them. A run starts one `dbt build` of what it asks for; materializations and check
 * results appear as dbt comes to them.
 *
 * Read from `target/manifest.json`, which `dbt parse` makes: the location's `prepare` command. A node says more
 * about its asset under `meta.dagster`: `asset_key`, `group`, `owners`. The run config `{ fullRefresh: true }`
 * rebuilds incremental models.
 *
 * @throws {DbtProjectError} there is no project
 * @throws {DbtManifestError} its manifest is missing or not understood
 * @throws {DbtSelectionError} `select` and `exclude` choose nothing, or are not understood
 * @example
 * const dbt = dbtAssets({ project: 'dbt_project', pool: 'dbt' });
 * export const definitions = define({ assets: dbt, schedules: [schedule({ name: 'nightly_dbt', select: dbt, cron: '30 2 * * *' })] });
 */
export function dbtAssets(options: DbtAssetsOptions): MultiAssetDefinition<readonly AssetSpec[], undefined> {
  const source = captureSource(dbtAssets);
  const { project, select, exclude, group, pool, retry } = options;
  const surroundings = hostSurroundings();
  const directory = findProject(project, surroundings);
  const profilesDirectory = resolve(surroundings.workingDirectory, options.profilesDirectory ?? directory);
  const manifestText = readManifest(directory);
  const manifest = parseDbtManifest(manifestText, manifestPath(directory));
  const isWhole = select === undefined && exclude === undefined;
  const graph = dbtGraph(manifest, isWhole ? undefined : selectNodes(manifest, select, exclude));
  const { project_name: projectName, adapter_type: adapter } = manifest.metadata;
  const { specs, checks } = toSpecs(graph, { project, adapter: adapter ?? null, group, source });
  const assetsById = new Map(graph.assets.map((asset) => [asset.node.unique_id, asset]));
  const checksById = new Map(graph.checks.map((check) => [check.uniqueId, check]));

  const name = options.name ?? `dbt_${(projectName ?? 'project').replaceAll(/[^A-Za-z0-9_]/g, '_')}`;
  const environment = dbtEnvironment(name, [manifestText, ...projectTexts(directory, profilesDirectory)]);

  return multiAsset({
    name,
    description: `\`dbt build\` of ${project}.`,
    specs,
    checks,
    canSubset: true,
    config,
    resources: { environment },
    source,
    ...(pool === undefined ? {} : { pool }),
    ...(retry === undefined ? {} : { retry }),
    async *run({
      config: { fullRefresh },
      resources,
      selectedAssets,
      selectedChecks,
      run,
      stepKey,
      log,
      signal,
    }): AsyncIterable<MultiAssetResult> {
      const shared: Omit<DbtCommandOptions, keyof DbtCommand> = {
        program: findDbt(lookUpEnvironment('HEADRACE_DBT'), surroundings),
        projectDirectory: directory,
        profilesDirectory,
        target: options.target,
        vars: options.vars,
        fullRefresh,
        environment: {
          ...environmentForUserCode(),
          ...resources.environment,
          [QUERY_TAG]: JSON.stringify({
            app: 'headrace',
            run: run.runId,
            step: stepKey,
            job: run.jobName,
          }),
        },
        signal,
        onMessage: (level, text) => {
          process.stdout.write(`${text}\n`);
          if (level === 'warn') log.warning(text);
        },
      };
      for (const command of planCommands(graph, selectedAssets, selectedChecks, isWhole)) {
        for await (const result of runDbt({ ...shared, ...command })) {
          const asset = assetsById.get(result.uniqueId);
          const check = checksById.get(result.uniqueId);
          if (asset !== undefined) yield* toMaterializations(asset, result);
          else if (check !== undefined) yield* toCheckEvaluations(check, result);
        }
      }
    },
  });
}

const manifestPath = (directory: string): string => join(directory, 'target', 'manifest.json');

function readManifest(directory: string): string {
  const path = manifestPath(directory);
  if (!existsSync(path)) throw new DbtManifestError(path, 'is missing');
  return readFileSync(path, 'utf8');
}
