import { daemonName } from '../../components/daemon-name';
import { Scroll } from '../../components/page';
import { PageTitle } from '../../components/page-title';
import { QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import { expectType } from '../../graphql/api-error';
import { useLiveQuery } from '../../graphql/use-live-query';
import { Locations } from './code-locations';
import { Concurrency, type Instance } from './concurrency';
import { workspaceDocument } from './deployment.graphql';
import styles from './deployment-page.module.css';
import { instanceStatusDocument } from './instance.graphql';

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

function Daemons({ instance, version }: { readonly instance: Instance; readonly version: string }) {
  const isTimed = instance.daemonHealth.allDaemonStatuses.some((daemon) => daemon.lastHeartbeatTime !== null);
  return (
    <Section title="Daemons" detail={`healthy: nothing is overdue · version ${version}`}>
      <SimpleTable
        label="Daemons"
        columns={[
          { header: 'Daemon' },
          { header: 'Status' },
          ...(isTimed ? [{ header: 'Last evaluation', right: true }] : []),
        ]}
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
              ...(isTimed
                ? [
                    <span key="at" className="t2">
                      <Time
                        at={daemon.lastHeartbeatTime === null ? null : daemon.lastHeartbeatTime * 1_000}
                        relative
                      />
                    </span>,
                  ]
                : []),
            ],
          }))}
      />
    </Section>
  );
}
