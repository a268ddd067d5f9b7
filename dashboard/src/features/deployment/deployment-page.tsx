import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { CopyId } from '../../components/copy-text';
import { daemonName } from '../../components/daemon-name';
import { formatCount, plural } from '../../components/format/number';
import { Meter } from '../../components/meter';
import { Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { EmptyState, QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import type { Status } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Time } from '../../components/time';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import type { InstanceStatusResult, WorkspaceResult } from '../../graphql/generated';
import { instanceStatusDocument } from '../../graphql/instance.graphql';
import { request } from '../../graphql/request';
import { queryKey, useLiveQuery } from '../../graphql/use-live-query';
import { reloadLocationDocument, setPoolLimitDocument, workspaceDocument } from './deployment.graphql';
import styles from './deployment-page.module.css';

type Entry = Extract<
  WorkspaceResult['workspaceOrError'],
  { readonly __typename: 'Workspace' }
>['locationEntries'][number];
type Instance = InstanceStatusResult['instance'];
type Pool = Instance['concurrencyLimits'][number];

export function DeploymentPage() {
  const workspace = useLiveQuery(
    workspaceDocument,
    {},
    { interval: 2_000, select: (answer) => expectType(answer.workspaceOrError, 'Workspace').locationEntries },
  );
  const instance = useLiveQuery(instanceStatusDocument, {}, { interval: 2_000, select: (answer) => answer });
  return (
    <>
      <PageTitle title="Deployment" />
      <Scroll>
        <QueryPanel query={workspace} title="Code locations could not be loaded" rows={4}>
          {(entries) => <Locations entries={entries} />}
        </QueryPanel>
        <div className={styles.pair}>
          <QueryPanel query={instance} title="Daemons could not be loaded" rows={6}>
            {(data) => (
              <>
                <Daemons instance={data.instance} version={data.version} />
                <Concurrency instance={data.instance} />
              </>
            )}
          </QueryPanel>
        </div>
      </Scroll>
    </>
  );
}

export function locationStatus(entry: Pick<Entry, 'loadStatus' | 'locationOrLoadError'>): Status {
  if (entry.loadStatus === 'LOADING') return { kind: 'starting', word: 'Loading' };
  if (entry.locationOrLoadError?.__typename === 'PythonError') return { kind: 'warn', word: 'Load error' };
  return { kind: 'success', word: 'Loaded' };
}

function useReload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => {
      const answer = await request(reloadLocationDocument, { name });
      const entry = expectType(answer.reloadRepositoryLocation, 'WorkspaceLocationEntry');
      if (entry.locationOrLoadError?.__typename === 'PythonError')
        throw new Error(entry.locationOrLoadError.message);
    },
    onSuccess: (_, name) => showToast({ kind: 'success', title: `Reloaded ${name}` }),
    onError: (error, name) =>
      showToast({ kind: 'failure', title: `${name} did not load`, detail: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKey(workspaceDocument, {}) }),
  });
}

function Locations({ entries }: { readonly entries: readonly Entry[] }) {
  const reload = useReload();
  const broken = entries.filter((entry) => entry.locationOrLoadError?.__typename === 'PythonError').length;
  if (entries.length === 0) {
    return (
      <EmptyState icon="deployment" title="No code locations yet" command="npx headrace init">
        A code location holds assets, jobs, schedules and sensors. Name one in `workspace.yaml`, or let this
        write an example:
      </EmptyState>
    );
  }
  return (
    <Section
      title="Code locations"
      detail={
        broken > 0
          ? `${broken} of ${entries.length} with a load error; the others are not affected`
          : entries.length
      }
    >
      <SimpleTable
        label="Code locations"
        columns={[
          { header: 'Location', width: '200px' },
          { header: 'Status', width: '130px' },
          { header: 'Version', width: '130px' },
          { header: 'Updated', width: '110px' },
          { header: 'Definitions' },
          { header: 'Actions', right: true },
        ]}
        rows={entries.map((entry) => {
          const location = entry.locationOrLoadError;
          return {
            id: entry.id,
            cells: [
              <span key="name" className="strong">
                {entry.name}
              </span>,
              <StatusText key="status" status={locationStatus(entry)} />,
              entry.versionKey ? <CopyId key="version" id={entry.versionKey} /> : '—',
              <Time key="at" at={entry.updatedTimestamp * 1_000} />,
              <span key="definitions" className="t2">
                {location?.__typename === 'RepositoryLocation' ? definitionsText(location) : 'not loaded'}
              </span>,
              <Button
                key="reload"
                look="ghost"
                small
                icon="retry"
                busy={reload.isPending && reload.variables === entry.name}
                aria-label={`Reload ${entry.name}`}
                onClick={() => reload.mutate(entry.name)}
              />,
            ],
            below:
              location?.__typename === 'PythonError' ? (
                <div className={styles.error} data-st="warn">
                  <b>{location.className ?? 'It did not load'}</b>
                  <CodeBlock
                    label="load error"
                    text={`${location.message}\n${location.stack.join('')}`.trimEnd()}
                  />
                  <Button
                    icon="retry"
                    busy={reload.isPending && reload.variables === entry.name}
                    onClick={() => reload.mutate(entry.name)}
                  >
                    Load it again
                  </Button>
                </div>
              ) : undefined,
          };
        })}
      />
    </Section>
  );
}

function definitionsText(
  location: Extract<NonNullable<Entry['locationOrLoadError']>, { readonly __typename: 'RepositoryLocation' }>,
): string {
  const sum = (pick: (repository: (typeof location.repositories)[number]) => readonly unknown[]) =>
    location.repositories.reduce((total, repository) => total + pick(repository).length, 0);
  return [
    plural(
      sum((each) => each.assetNodes),
      'asset',
    ),
    plural(
      sum((each) => each.jobs),
      'job',
    ),
    plural(
      sum((each) => each.schedules),
      'schedule',
    ),
    plural(
      sum((each) => each.sensors),
      'sensor',
    ),
  ].join(' · ');
}

function Daemons({ instance, version }: { readonly instance: Instance; readonly version: string }) {
  return (
    <Section title="Daemons" detail={`healthy: nothing is overdue · version ${version}`}>
      <SimpleTable
        label="Daemons"
        columns={[{ header: 'Daemon' }, { header: 'Status' }, { header: 'Last evaluation', right: true }]}
        rows={instance.daemonHealth.allDaemonStatuses
          .filter((daemon) => daemon.required)
          .map((daemon) => ({
            id: daemon.id,
            cells: [
              <span key="name" className="row">
                <StatusIcon kind={daemon.healthy ? 'success' : daemon.healthy === false ? 'warn' : 'none'} />
                <span className="strong">{daemonName(daemon.daemonType)}</span>
              </span>,
              <span key="status" className={daemon.healthy ? 't2' : undefined}>
                {daemon.lastHeartbeatErrors[0]?.message ??
                  (daemon.healthy ? 'healthy' : 'something is overdue')}
              </span>,
              <span key="at" className="t2">
                <Time
                  at={daemon.lastHeartbeatTime === null ? null : daemon.lastHeartbeatTime * 1_000}
                  relative
                />
              </span>,
            ],
          }))}
      />
    </Section>
  );
}

function Concurrency({ instance }: { readonly instance: Instance }) {
  const config = instance.runQueueConfig;
  const limits = config?.tagConcurrencyLimitsYaml?.trim();
  return (
    <Section title="Concurrency" detail="limits hold when runs are claimed from the queue">
      <p className={styles.limits}>
        <span>
          Runs at once{' '}
          <b className="strong">
            {config
              ? config.maxConcurrentRuns < 0
                ? 'no limit'
                : formatCount(config.maxConcurrentRuns)
              : 'no queue'}
          </b>
        </span>
        {instance.poolConfig?.defaultPoolLimit != null && (
          <span>
            Default of a pool <b className="strong">{formatCount(instance.poolConfig.defaultPoolLimit)}</b>
          </span>
        )}
        <Link to="/runs" search={{ tab: 'queued' }} className="link">
          Queued runs
        </Link>
      </p>
      {limits && limits !== '[]' && (
        <div className={styles.tagLimits}>
          <h3>Limits by tag</h3>
          <CodeBlock label="tag limits" text={limits} />
        </div>
      )}
      <SimpleTable
        label="Pools"
        columns={[
          { header: 'Pool' },
          { header: 'Slots', width: '220px' },
          { header: 'Limit' },
          { header: 'Held by' },
        ]}
        empty="No pool has a limit. Give an asset `pool: 'snowflake'` to limit what runs at once."
        rows={instance.concurrencyLimits.map((pool) => ({
          id: pool.concurrencyKey,
          cells: [
            <span key="name" className="strong">
              {pool.concurrencyKey}
            </span>,
            <PoolSlots key="slots" pool={pool} />,
            <PoolLimit key="limit" pool={pool} />,
            <span key="held" className="row">
              {pool.activeRunIds.length === 0 && <span className="t3">free</span>}
              {pool.activeRunIds.slice(0, 2).map((runId) => (
                <Link key={runId} to="/runs/$runId" params={{ runId }} className="link mono">
                  {runId.slice(0, 8)}
                </Link>
              ))}
              {pool.activeRunIds.length > 2 && <span className="t3">+{pool.activeRunIds.length - 2}</span>}
              {pool.pendingStepCount > 0 && (
                <span className="t2">{plural(pool.pendingStepCount, 'step')} waiting</span>
              )}
            </span>,
          ],
        }))}
      />
    </Section>
  );
}

function PoolSlots({ pool }: { readonly pool: Pool }) {
  const limit = pool.limit ?? pool.slotCount;
  const used = pool.activeSlotCount;
  const text = `${formatCount(used)} of ${formatCount(limit)}`;
  return (
    <span className={styles.slots}>
      <Meter
        label={`${text} slots in use, ${pool.pendingStepCount} waiting`}
        total={Math.max(limit, used) + pool.pendingStepCount}
        parts={[
          { kind: 'running', value: used },
          { kind: 'waiting', value: pool.pendingStepCount },
        ]}
      />
      <span className="t2 nowrap">{text}</span>
    </span>
  );
}

function PoolLimit({ pool }: { readonly pool: Pool }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<string>();
  const save = useMutation({
    mutationFn: (limit: number) => request(setPoolLimitDocument, { key: pool.concurrencyKey, limit }),
    onSuccess: (_, limit) =>
      showToast({ kind: 'success', title: `${pool.concurrencyKey} now has ${plural(limit, 'slot')}` }),
    onError: (error) =>
      showToast({
        kind: 'failure',
        title: `The limit of ${pool.concurrencyKey} is unchanged`,
        detail: error.message,
      }),
    onSettled: async () => {
      setDraft(undefined);
      await client.invalidateQueries({ queryKey: queryKey(instanceStatusDocument, {}) });
    },
  });
  const current = String(pool.limit ?? pool.slotCount);
  const commit = () => {
    const limit = Number(draft);
    if (draft === undefined || draft === current || !Number.isInteger(limit) || limit < 0)
      setDraft(undefined);
    else save.mutate(limit);
  };
  return (
    <input
      className={styles.limit}
      type="number"
      min={0}
      aria-label={`Limit of ${pool.concurrencyKey}`}
      value={draft ?? current}
      disabled={save.isPending}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key === 'Escape') setDraft(undefined);
      }}
    />
  );
}
