import { CodeBlock } from '../../components/code-block';
import { daemonName } from '../../components/daemon-name';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import type { Instance } from './concurrency';
import styles from './deployment-page.module.css';
import { errorText } from './error-text';

type Daemon = Instance['daemonHealth']['allDaemonStatuses'][number];

const healthKind = (healthy: boolean | null) => (healthy ? 'success' : healthy === false ? 'warn' : 'none');

/** The first line of what went wrong, or how it is. */
const healthText = ({ healthy, lastHeartbeatErrors: [error] }: Daemon): string =>
  error?.message.split('\n')[0] ?? (healthy ? 'Healthy' : healthy === false ? 'Overdue' : 'Unknown');

function LastEvaluation({ daemon: { lastHeartbeatTime: at } }: { readonly daemon: Daemon }) {
  return (
    <span className="t2 nowrap">
      <Time at={at === null ? null : at * 1_000} relative />
    </span>
  );
}

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
              <StatusIcon kind={healthKind(daemon.healthy)} />
              <span className="strong">{daemonName(daemon.daemonType)}</span>
            </span>,
            <span key="status" className={daemon.healthy ? 't2' : undefined}>
              {healthText(daemon)}
            </span>,
            ...(isTimed ? [<LastEvaluation key="at" daemon={daemon} />] : []),
          ],
          narrow: (
            <>
              <StatusIcon kind={healthKind(daemon.healthy)} />
              <span className="grow">
                <TwoLines
                  first={<span className="strong">{daemonName(daemon.daemonType)}</span>}
                  second={healthText(daemon)}
                />
              </span>
              <LastEvaluation daemon={daemon} />
            </>
          ),
          below: daemon.lastHeartbeatErrors.length > 0 && (
            <div className={styles.error} data-st="warn">
              {daemon.lastHeartbeatErrors.map((error) => (
                <CodeBlock key={error.message} label="daemon error" text={errorText(error)} />
              ))}
            </div>
          ),
        }))}
      />
    </Section>
  );
}
