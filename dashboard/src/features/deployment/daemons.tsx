import { daemonName } from '../../components/daemon-name';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import type { Instance } from './concurrency';

export function Daemons({ instance, version }: { readonly instance: Instance; readonly version: string }) {
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
