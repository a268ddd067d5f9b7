import { daemonName } from '../../components/daemon-name';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import type { Instance } from './concurrency';

export function Daemons({ instance, version }: { readonly instance: Instance; readonly version: string }) {
  const daemons = instance.daemonHealth.allDaemonStatuses.filter((daemon) => daemon.required);
  const isTimed = daemons.some((daemon) => daemon.lastHeartbeatTime !== null);
  const overdue = daemons.filter((daemon) => daemon.healthy === false).length;
  return (
    <Section
      title="Daemons"
      detail={`${overdue === 0 ? 'nothing is overdue' : `${overdue} of ${daemons.length} overdue`} · version ${version}`}
    >
      <SimpleTable
        label="Daemons"
        columns={[
          { header: 'Daemon' },
          { header: 'Status' },
          ...(isTimed ? [{ header: 'Last evaluation', right: true }] : []),
        ]}
        rows={daemons.map((daemon) => ({
          id: daemon.id,
          cells: [
            <span key="name" className="row">
              <StatusIcon kind={daemon.healthy ? 'success' : daemon.healthy === false ? 'warn' : 'none'} />
              <span className="strong">{daemonName(daemon.daemonType)}</span>
            </span>,
            <span key="status" className={daemon.healthy ? 't2' : undefined}>
              {daemon.lastHeartbeatErrors[0]?.message ??
                (daemon.healthy ? 'healthy' : daemon.healthy === false ? 'overdue' : 'unknown')}
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
