import { describe, expect, it } from '@jest/globals';
import { DbtManifestError, DbtProjectError, dbtAssets } from '../../../lib/integrations/dbt';
import { findDbt, findProject } from '../../../lib/integrations/dbt/find-project';

const on = (...files: string[]) => ({
  moduleUrl: 'file:///bundles/abc/bundle.mjs',
  workingDirectory: '/project',
  exists: (path: string) => files.includes(path),
});

describe('the project’s folder', () => {
  const beside = '/bundles/abc/dbt_project/dbt_project.yml';
  const below = '/project/dbt_project/dbt_project.yml';

  it('is beside the bundle, else below the working directory', () => {
    expect(findProject('dbt_project', on(beside, below))).toBe('/bundles/abc/dbt_project');
    expect(findProject('dbt_project', on(below))).toBe('/project/dbt_project');
  });

  it('is what an absolute path says', () => {
    expect(findProject('/other', on(below, '/other/dbt_project.yml'))).toBe('/other');
  });

  it('is an error when it is nowhere, with every place that was looked at', () => {
    const find = () => findProject('dbt_project', on());
    expect(find).toThrow(DbtProjectError);
    expect(find).toThrow(/\/bundles\/abc\/dbt_project nor at \/project\/dbt_project.*workspace\.yaml/);
  });
});

describe('the dbt program', () => {
  it('is HEADRACE_DBT, else the one that was installed here, else the one on the PATH', () => {
    const installed = '/project/.headrace/venv/bin/dbt';
    expect(findDbt('/opt/dbt', on(installed))).toBe('/opt/dbt');
    expect(findDbt(undefined, on(installed))).toBe(installed);
    expect(findDbt('', on())).toBe('dbt');
  });
});

it('a project that was not parsed says how to parse it', () => {
  const load = () => dbtAssets({ project: 'test/fixtures/dbt-failing' });
  expect(load).toThrow(DbtManifestError);
  expect(load).toThrow(/target\/manifest\.json is missing.*`dbt parse`/);
});
