import { Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { QueryPanel } from '../../components/panel-states';
import { Tabs } from '../../components/tabs';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { Audit } from './audit';
import { Locations } from './code-locations';
import { Concurrency } from './concurrency';
import { Configuration } from './configuration';
import { Daemons } from './daemons';
import { Definitions } from './definitions';
import { workspaceDocument } from './deployment.graphql';
import styles from './deployment-page.module.css';
import { instanceStatusDocument } from './instance.graphql';
import { RecentChanges } from './recent-changes';
import { Tokens } from './tokens';

const tabs = [
  { tab: undefined, text: 'Overview' },
  { tab: 'locations', text: 'Code locations' },
  { tab: 'definitions', text: 'Definitions' },
  { tab: 'daemons', text: 'Daemons' },
  { tab: 'concurrency', text: 'Concurrency' },
  { tab: 'configuration', text: 'Configuration' },
  { tab: 'tokens', text: 'Tokens' },
  { tab: 'audit', text: 'Audit' },
] as const;

export function DeploymentPage() {
  const [search] = useUrlState();
  const tab = tabs.find((each) => each.tab === search.tab)?.tab;
  const shows = (...wanted: readonly (typeof tab)[]) => wanted.includes(tab);
  const workspace = useLiveQuery(
    workspaceDocument,
    {},
    {
      interval: shows(undefined, 'locations') ? 2_000 : pollInterval.still,
      select: (answer) => expectType(answer.workspaceOrError, 'Workspace').locationEntries,
    },
  );
  const instance = useLiveQuery(
    instanceStatusDocument,
    {},
    {
      interval: 2_000,
      enabled: shows(undefined, 'daemons', 'concurrency'),
      select: (answer) => answer,
    },
  );
  const locations = (
    <QueryPanel query={workspace} title="Code locations could not be loaded" rows={4}>
      {(entries) => <Locations entries={entries} detailed={tab === 'locations'} />}
    </QueryPanel>
  );
  return (
    <>
      <PageTitle title="Deployment" />
      <Tabs
        label="Deployment sections"
        tabs={tabs.map((each) => ({
          text: each.text,
          count: each.tab === 'locations' ? workspace.data?.length : undefined,
          current: each.tab === tab,
          search: { tab: each.tab },
        }))}
      />
      {tab === 'definitions' ? (
        <Definitions />
      ) : tab === 'audit' ? (
        <Audit />
      ) : (
        <Scroll>
          {tab === 'locations' ? (
            locations
          ) : tab === 'tokens' ? (
            <Tokens locations={(workspace.data ?? []).map(({ name }) => name)} />
          ) : tab === 'configuration' ? (
            <Configuration />
          ) : (
            <>
              {tab === undefined && locations}
              <QueryPanel query={instance} title="The instance's state could not be loaded" rows={6}>
                {(data) =>
                  tab === 'daemons' ? (
                    <Daemons instance={data.instance} version={data.version} />
                  ) : tab === 'concurrency' ? (
                    <Concurrency instance={data.instance} />
                  ) : (
                    <div className={styles.pair}>
                      <Daemons instance={data.instance} version={data.version} />
                      <Concurrency instance={data.instance} />
                    </div>
                  )
                }
              </QueryPanel>
              {/* Below what it would be pushed down by. */}
              {tab === undefined && !instance.isPending && <RecentChanges />}
            </>
          )}
        </Scroll>
      )}
    </>
  );
}
