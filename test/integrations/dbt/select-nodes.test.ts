import { describe, expect, it } from '@jest/globals';
import { DbtSelectionError } from '../../../lib/integrations/dbt';
import { selectNodes } from '../../../lib/integrations/dbt/select-nodes';
import { changed, readManifest } from './manifest-fixture';

const chosen = (select?: string, exclude?: string, manifest = readManifest()) =>
  [...selectNodes(manifest, select, exclude)].map((id) => id.split('.').at(-1)).sort();

/** What `dbt ls --resource-type model seed snapshot --select …` answers for dbt_project. */
describe('a selection takes what dbt takes', () => {
  it.each([
    ['stg_flights', ['stg_flights']],
    ['stg_github_*', ['stg_github_comments', 'stg_github_issues', 'stg_github_users']],
    [
      'analytics.intermediate',
      ['int_earthquakes_classified', 'int_flights_with_airports', 'int_issue_lifetimes'],
    ],
    ['fqn:analytics.marts.busiest_routes', ['busiest_routes']],
    ['tag:marts', ['airport_delays', 'busiest_routes', 'earthquakes_daily', 'issue_summary']],
    [
      'path:models/intermediate',
      ['int_earthquakes_classified', 'int_flights_with_airports', 'int_issue_lifetimes'],
    ],
    ['file:busiest_routes.sql', ['busiest_routes']],
    ['resource_type:seed resource_type:snapshot', ['github_issue_history', 'magnitude_classes']],
    ['config.materialized:incremental', ['earthquakes_daily']],
    ['+busiest_routes', ['busiest_routes', 'int_flights_with_airports', 'stg_airports', 'stg_flights']],
    ['1+busiest_routes', ['busiest_routes', 'int_flights_with_airports']],
    ['stg_airports+1', ['int_flights_with_airports', 'stg_airports']],
    ['stg_airports+', ['airport_delays', 'busiest_routes', 'int_flights_with_airports', 'stg_airports']],
    [
      'source:raw.airports+',
      ['airport_delays', 'busiest_routes', 'int_flights_with_airports', 'stg_airports'],
    ],
    ['tag:marts,stg_airports+', ['airport_delays', 'busiest_routes']],
  ])('%s', (select, expected) => {
    expect(chosen(select)).toEqual(expected);
  });

  it('less what is excluded', () => {
    expect(chosen('tag:marts', 'config.materialized:incremental stg_airports+')).toEqual(['issue_summary']);
    expect(chosen(undefined, 'package:analytics,resource_type:model')).toEqual([
      'github_issue_history',
      'magnitude_classes',
    ]);
  });

  it('leaves out what can be no asset', () => {
    const ephemeral = {
      'model.analytics.int_flights_with_airports': { config: { materialized: 'ephemeral' } },
    };
    expect(chosen('+busiest_routes', undefined, changed(ephemeral))).toEqual([
      'busiest_routes',
      'stg_airports',
      'stg_flights',
    ]);
  });
});

it.each([
  ['state:modified', /"state:modified" is not understood.*methods fqn, tag/],
  ['@stg_flights:', /not understood/],
  ['no_such_model', /select "no_such_model" chooses none of the project's 15 nodes/],
])('refuses %s and says why', (select, problem) => {
  expect(() => chosen(select)).toThrow(DbtSelectionError);
  expect(() => chosen(select)).toThrow(problem);
});
