/** dbt projects as assets: what code locations import as `headrace/dbt`. */
export { type DbtAssetsOptions, dbtAssets } from './dbt-assets';
export {
  DbtBuildError,
  DbtError,
  type DbtFailure,
  DbtManifestError,
  DbtProjectError,
  DbtSelectionError,
} from './errors';
