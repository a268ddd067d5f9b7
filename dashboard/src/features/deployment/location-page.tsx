import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { CopyId } from '../../components/copy-text';
import { PageHeader, Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { StatusBadge } from '../../components/status-text';
import { Tabs } from '../../components/tabs';
import { Time } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import { useLiveQuery } from '../../graphql/use-live-query';
import { Definitions } from './definitions';
import { workspaceDocument } from './deployment.graphql';

import { bundleOf, definitionsText, type LocationEntry, locationStatus } from './location-entry';
import { LocationActions, LocationLoadError } from './location-parts';
import { type LocationQuestion, LocationQuestionDialog } from './location-question';
import { LocationVersions } from './location-versions';
import { useAdminRefusal } from './use-deployment-role';
import { useReload } from './use-reload';
import { useVersions } from './use-versions';

/** One code location: what it defines, its versions, and why it does not load. */
export function LocationPage() {
  const { name } = useParams({ from: '/locations/$name' });
  const query = useLiveQuery(
    workspaceDocument,
    {},
    {
      interval: 2_000,
      select: (answer) => expectType(answer.workspaceOrError, 'Workspace').locationEntries,
    },
  );
  return (
    <>
      <PageTitle
        title={name}
        crumbs={[{ text: 'Deployment', to: '/deployment', search: { tab: 'locations' } }]}
      />
      <QueryPanel query={query} title="This code location could not be loaded" rows={12}>
        {(entries) => {
          const entry = entries.find((each) => each.name === name);
          return entry ? (
            <Location entry={entry} />
          ) : (
            <EmptyState icon="deployment" title={`No code location is called ${name}`}>
              {entries.length === 0
                ? 'None is loaded.'
                : `There are ${entries.map((each) => each.name).join(', ')}.`}
            </EmptyState>
          );
        }}
      </QueryPanel>
    </>
  );
}

function Location({ entry }: { readonly entry: LocationEntry }) {
  const [search] = useUrlState();
  const reload = useReload();
  const refusal = useAdminRefusal();
  const versions = useVersions().data?.find(({ name }) => name === entry.name);
  const [asked, setAsked] = useState<LocationQuestion>();
  const parts = {
    entry,
    versions,
    refusal,
    isReloading: reload.isPending,
    onReload: () => reload.mutate(entry.name),
    onAsk: setAsked,
  };
  const showsVersions = search.tab === 'versions';
  const bundle = bundleOf(entry);
  return (
    <>
      <PageHeader actions={<LocationActions {...parts} />}>
        <StatusBadge status={locationStatus(entry)} />
        {bundle && <CopyId id={bundle} />}
        <span className="t2 small">
          updated <Time at={entry.updatedTimestamp * 1_000} focusable /> · {definitionsText(entry)}
        </span>
      </PageHeader>
      <LocationLoadError {...parts} />
      <Tabs
        label="Parts of the code location"
        tabs={[
          { text: 'Definitions', current: !showsVersions, search: {} },
          {
            text: 'Versions',
            count: versions?.versions.length || undefined,
            current: showsVersions,
            search: { tab: 'versions' },
          },
        ]}
      />
      {showsVersions ? (
        <Scroll>
          <LocationVersions
            location={versions}
            refusal={refusal}
            onDifference={(from, to) =>
              setAsked({ kind: 'difference', name: entry.name, ...(from ? { from } : {}), to })
            }
            onRollback={(to) => versions && setAsked({ kind: 'rollback', location: versions, to })}
          />
        </Scroll>
      ) : (
        <Definitions location={entry.name} />
      )}
      {asked && <LocationQuestionDialog asked={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}
