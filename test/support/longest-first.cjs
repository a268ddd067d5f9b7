const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Suites of a quarter of a minute and more, longest first. Jest knows durations of earlier runs only, so on a fresh
 * clone it would begin the longest late, and one worker would wait for the other. A suite that is not here is merely
 * later.
 */
const LONGEST = [
  'test/integrations/dbt/dbt-build.test.ts',
  'test/chaos/crash-points.test.ts',
  'test/simulation/simulation.test.ts',
  'test/adapters/local/process-run-launcher.test.ts',
  'test/adapters/postgres/data-api-lost-replies.test.ts',
  'test/fuzz/api.test.ts',
  'test/api/dagster-client.test.ts',
  'test/tools/local-snowflake-dbt.test.ts',
  'test/integrations/snowflake/snowflake-destination.test.ts',
  'test/engine/backfills.test.ts',
  'test/integrations/snowflake/snowflake-load-process.test.ts',
  'test/engine/runs.test.ts',
  'test/dashboard/browser/seeded.test.ts',
  'test/dashboard/browser/habits-pages.test.ts',
  'test/dashboard/browser/pages.test.ts',
  'test/dashboard/browser/deployment.test.ts',
  'test/dashboard/browser/assets.test.ts',
  'test/e2e/main-job.test.ts',
  'test/e2e/process-deaths.test.ts',
  'test/e2e/planted-secrets.test.ts',
  'test/package/installed-package.test.ts',
  'test/e2e/warehouse-faults.test.ts',
];

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = LONGEST.findIndex((suite) => path.endsWith(`/${suite}`));
      return place < 0 ? LONGEST.length : place;
    };
    // Stable: the others stay in jest's own order.
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
