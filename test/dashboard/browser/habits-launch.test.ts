import { becomes, flawsOf, setUpDashboardFixture, until } from '../../support/set-up-dashboard';

/** What people are used to of the launchpad. */
const dashboard = setUpDashboardFixture();

test('a job is launched with its partition, tags and configuration', async () => {
  const page = await dashboard.open('/jobs/orchestration/ingest_earthquakes?tab=launch');
  await page.getByRole('textbox', { name: 'page_size' }).waitFor();
  await page.getByRole('textbox', { name: 'Tags' }).fill('reason=replay');
  await page.getByText('Launches 1 run of ingest_earthquakes').waitFor();
  await page.getByText(/pool snowflake 8 of 8: would wait/).waitFor();

  await page.getByRole('button', { name: 'Launch 1 run' }).click();

  await page.waitForURL(/\/runs\//);
  const launch = dashboard.fixture.state.requests.find((request) => request.name === 'LaunchRun');
  expect(launch?.variables.executionParams).toMatchObject({
    selector: { jobName: 'ingest_earthquakes', repositoryLocationName: 'orchestration' },
    runConfigData: { ops: { 'raw/github_issues': { config: { page_size: 100 } } } },
    executionMetadata: {
      tags: [
        { key: 'reason', value: 'replay' },
        { key: 'dagster/partition', value: '2026-11-23' },
      ],
    },
  });
});

test('form and YAML are one configuration: errors stand at both, and proposals repair them', async () => {
  const page = await dashboard.open('/jobs/orchestration/ingest_earthquakes?tab=launch');
  const size = page.getByRole('textbox', { name: 'page_size' });
  const editor = page.getByRole('textbox', { name: 'Run configuration' });
  await editor.getByText('100').waitFor();

  await size.fill('500');
  await editor.getByText('500').waitFor();
  await page.getByText('At most 100.').waitFor();
  await page.getByText('1 error', { exact: true }).first().waitFor();
  await becomes(() => page.getByRole('button', { name: 'Launch 1 run' }).isDisabled(), true);

  await page.getByRole('button', { name: 'Use 100' }).click();
  await editor.getByText('100').waitFor();
  await editor.press('Control+End');
  await editor.pressSequentially('      mode: fu', { delay: 20 });
  await page.getByRole('listbox', { name: 'Completions' }).getByRole('option', { name: 'full' }).click();

  await until(
    () => page.getByRole('combobox', { name: 'mode' }).inputValue(),
    (value) => value === 'full',
  );
  await until(
    () => page.getByRole('button', { name: 'Launch 1 run' }).isEnabled(),
    (enabled) => enabled,
  );
  expect(dashboard.complaints).toEqual([]);
});

test('what only the API finds wrong stands at its field, too', async () => {
  const page = await dashboard.open('/jobs/orchestration/ingest_earthquakes?tab=launch');
  await page.getByRole('textbox', { name: 'since' }).fill('1999-01-01');

  await page.getByText('The API has nothing before 2008.').waitFor();

  await becomes(() => page.getByRole('button', { name: 'Launch 1 run' }).isDisabled(), true);
});

test('several partitions are launched as one backfill, and missing ones from the job’s map', async () => {
  const page = await dashboard.open('/jobs/orchestration/ingest_earthquakes?tab=partitions');
  await page.getByRole('button', { name: 'Backfill 60…' }).click();
  await page.getByRole('button', { name: 'Launch 60 partitions' }).waitFor();
  await page
    .getByRole('textbox', { name: 'Partition' })
    .or(page.getByRole('combobox', { name: 'Partition' }))
    .first()
    .fill('2026-11-20..2026-11-22');

  await page.getByRole('button', { name: 'Launch 3 partitions' }).click();

  await page.getByText('Launched backfill newlymad').waitFor();
  const launched = dashboard.fixture.state.requests.find((request) => request.name === 'LaunchBackfill');
  expect(launched?.variables.backfillParams).toMatchObject({
    selector: { partitionSetName: 'ingest_earthquakes_partition_set' },
    partitionNames: ['2026-11-20', '2026-11-21', '2026-11-22'],
  });
});

test('a run’s configuration and tags are taken over into the launchpad', async () => {
  const page = await dashboard.open('/jobs/orchestration/ingest_earthquakes?tab=runs');
  await page.getByRole('link', { name: 'Re-use' }).first().click();

  await until(
    () => page.getByRole('combobox', { name: 'Start from' }).inputValue(),
    (value) => value !== '',
  );
  expect(dashboard.fixture.state.requests.some((request) => request.name === 'RunToReuse')).toBe(true);
});

test('what is prepared stays in tabs of the browser, each with a name and an address', async () => {
  const page = await dashboard.open('/jobs/orchestration/ingest_earthquakes?tab=launch');
  const tabs = page.getByRole('navigation', { name: 'Launchpad tabs' });
  const tags = page.getByRole('textbox', { name: 'Tags' });
  const size = page.getByRole('textbox', { name: 'page_size' });
  await tags.fill('reason=first');

  await page.getByRole('button', { name: 'New tab' }).click();
  await tabs.getByRole('link', { name: 'New run 2' }).waitFor();
  await becomes(() => tags.inputValue(), '');
  await size.fill('7');
  await page.getByRole('button', { name: 'Actions of the tab New run 2' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name of the tab' }).fill('Small pages');
  await page.keyboard.press('Enter');
  await tabs.getByRole('link', { name: 'Small pages' }).waitFor();
  expect(new URL(page.url()).searchParams.get('session')).toBe('2');

  await page.getByRole('button', { name: 'Actions of the tab Small pages' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await tabs.getByRole('link', { name: 'Small pages 2' }).waitFor();
  await until(
    () => size.inputValue(),
    (value) => value === '7',
  );
  await page.reload();
  await tabs.getByRole('link', { name: 'New run' }).click();
  await until(
    () => tags.inputValue(),
    (value) => value === 'reason=first',
  );
  expect(await flawsOf(page, () => tabs.getByRole('link', { name: 'New run' }).waitFor())).toEqual([]);

  await page.getByRole('button', { name: 'Actions of the tab New run' }).click();
  await page.getByRole('menuitem', { name: 'Close' }).click();
  await tabs.getByRole('link', { name: 'New run' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await tabs.getByRole('link', { name: 'New run' }).waitFor();
  await becomes(() => tabs.getByRole('link').count(), 3);
  expect(dashboard.complaints).toEqual([]);
});

test('what is wrong with all of a configuration is repaired by a button, and comes back', async () => {
  const page = await dashboard.open('/jobs/orchestration/ingest_earthquakes?tab=launch');
  const editor = page.getByRole('textbox', { name: 'Run configuration' });
  const remove = page.getByRole('button', { name: 'Remove unknown' });
  await editor.getByText('100').waitFor();
  await becomes(() => remove.isDisabled(), true);
  await editor.press('Control+End');
  await editor.pressSequentially('loggers: x', { delay: 20 });

  await remove.click();
  await editor.getByText('loggers').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await editor.getByText('loggers').waitFor();

  await remove.click();
  await page.getByRole('button', { name: 'Fill defaults' }).click();
  await editor.getByText('50000').waitFor();
  await editor.getByText('on_schema_change').hover();
  await page.getByText('one of append_columns, fail, ignore').waitFor();
});

test('a configuration that could not be checked says so in its place, and is checked again', async () => {
  dashboard.fixture.state.failing.add('ValidateConfig');
  const page = await dashboard.open('/jobs/orchestration/ingest_earthquakes?tab=launch');
  await page.getByText('Only the schema was checked.').waitFor();
  await becomes(() => page.getByRole('button', { name: 'Launch 1 run' }).isEnabled(), true);

  dashboard.fixture.state.failing.clear();
  await page.getByRole('button', { name: 'Check again' }).click();

  await page.getByText('Only the schema was checked.').waitFor({ state: 'detached' });
});

test('partitions of two dimensions are chosen by the dimensions’ names', async () => {
  const page = await dashboard.open('/jobs/orchestration/ingest_flights?tab=launch');
  await page.getByRole('combobox', { name: 'Partition · day' }).fill('last 7');
  await page.getByRole('combobox', { name: 'Partition · region' }).fill('eu');
  await page.getByRole('button', { name: 'Launch 7 partitions' }).waitFor();
});

test('the configuration of a job that depends on the partition is that of the chosen one, until it is changed', async () => {
  const page = await dashboard.open('/jobs/orchestration/ingest_flights?tab=launch');
  const size = page.getByRole('textbox', { name: 'page_size' });
  const editor = page.getByRole('textbox', { name: 'Run configuration' });
  const launched = (name: string) =>
    dashboard.fixture.state.requests.filter((request) => request.name === name).at(-1)?.variables;
  await editor.getByText('23').waitFor();
  const days = page.getByRole('combobox', { name: /Partition · day/ });

  await days.fill('2026-11-20');
  await editor.getByText('20').waitFor();
  await page.getByText('Launches 1 run of ingest_flights').waitFor();
  await page.getByRole('button', { name: 'Launch 1 run' }).click();
  await page.waitForURL(/\/runs\//);
  expect(launched('LaunchRun')?.executionParams).toMatchObject({
    runConfigData: { ops: { 'raw/github_issues': { config: { page_size: 20 } } } },
  });

  await page.goBack();
  await days.fill('2026-11-20..2026-11-21');
  await page.getByText('Each partition has a configuration of its own.').waitFor();
  await page.getByRole('button', { name: 'Launch 2 partitions' }).click();
  await page.waitForURL(/\/backfills\//);
  expect(launched('LaunchBackfill')?.backfillParams).toMatchObject({ runConfigData: null });

  await page.goBack();
  await size.fill('7');
  await editor.getByText('7').waitFor();
  await days.fill('2026-11-19');
  await page.getByText('Launches 1 run of ingest_flights').waitFor();
  await becomes(() => size.inputValue(), '7');
  expect(dashboard.complaints).toEqual([]);
});

test('where the last build of its code did not load, a job says that runs take the code before it', async () => {
  const page = await dashboard.open('/jobs/orchestration/ingest_earthquakes?tab=launch', {
    prepare: async (opened) => {
      await opened.route('**/graphql', async (route) => {
        if (!route.request().postData()?.includes('query ShellCounts')) return route.fallback();
        const response = await route.fetch();
        const json = await response.json();
        json.data.workspaceOrError.locationEntries[0].locationOrLoadError.__typename = 'PythonError';
        return route.fulfill({ response, json });
      });
    },
  });

  await page.getByRole('link', { name: 'Its last build did not load: runs take the code before it' }).click();

  await page.waitForURL('**/locations/orchestration');
});
