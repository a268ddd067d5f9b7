import { Link } from '@tanstack/react-router';
import { daemonName } from '../../components/daemon-name';
import { formatSpan } from '../../components/format/duration';
import { plural } from '../../components/format/number';
import { RunTarget } from '../../components/run-target';
import { Section } from '../../components/section';
import { StatusIcon } from '../../components/status-icon';
import { Time } from '../../components/time';
import type { AttentionItem } from './attention';
import type { OverviewData } from './overview-data';
import styles from './overview-page.module.css';
import { queueReason } from './queue-reason';

export function Attention({ items }: { readonly items: readonly AttentionItem[] }) {
  return (
    <Section title="Needs attention" detail={items.length} padded>
      {items.length === 0 ? (
        <p className="t2 small">Nothing: no run, tick or code location failed in this window.</p>
      ) : (
        <ul className={styles.list}>
          {items.slice(0, 12).map((item) => (
            <li key={item.id}>
              <StatusIcon kind={item.kind} />
              <div className="grow">
                <AttentionLink item={item} />
                <div className={styles.reason}>{item.text}</div>
              </div>
              <span className="t2 nowrap">
                <Time at={item.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export function AttentionLink({ item }: { readonly item: AttentionItem }) {
  const { link } = item;
  if ('runId' in link) {
    return (
      <Link to={link.to} params={{ runId: link.runId }} className="strong">
        {item.title}
      </Link>
    );
  }
  return (
    <Link to={link.to} search={'open' in link ? { open: link.open } : {}} className="strong">
      {item.title}
    </Link>
  );
}

export function Queue({ data, now }: { readonly data: OverviewData; readonly now: number }) {
  return (
    <Section
      title="Queue"
      detail={plural(data.queuedCount, 'run')}
      padded
      actions={
        <Link to="/deployment" className="link">
          Limits
        </Link>
      }
    >
      {data.queued.length === 0 ? (
        <p className="t2 small">Nothing waits: a run starts as soon as it is created.</p>
      ) : (
        <ul className={styles.list}>
          {data.queued.slice(0, 10).map((run) => (
            <li key={run.runId}>
              <StatusIcon kind="queued" />
              <div className="grow">
                <RunTarget run={run} focusable />
                <div className={styles.reason}>
                  {run.waitingFor ??
                    queueReason(run, {
                      active: data.active,
                      maxConcurrentRuns: data.instance.runQueueConfig?.maxConcurrentRuns,
                      pools: data.instance.concurrencyLimits,
                    })}
                </div>
              </div>
              <span className="t2 nowrap">{formatSpan(now - run.creationTime * 1_000)}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export function Daemons({ instance }: { readonly instance: OverviewData['instance'] }) {
  return (
    <Section
      title="Daemons"
      padded
      actions={
        <Link to="/deployment" className="link">
          Deployment
        </Link>
      }
    >
      <ul className={styles.daemons}>
        {instance.daemonHealth.allDaemonStatuses
          .filter((daemon) => daemon.required)
          .map((daemon) => (
            <li key={daemon.id}>
              <StatusIcon
                kind={daemon.healthy ? 'success' : 'warn'}
                label={daemon.healthy ? 'Healthy' : 'Overdue'}
              />
              <span className="strong ellipsis" title={daemonName(daemon.daemonType)}>
                {daemonName(daemon.daemonType)}
              </span>
              <span className="t2 push nowrap">
                {daemon.lastHeartbeatTime !== null ? (
                  <Time at={daemon.lastHeartbeatTime * 1_000} relative />
                ) : daemon.healthy ? (
                  'Healthy'
                ) : (
                  'Overdue'
                )}
              </span>
            </li>
          ))}
      </ul>
    </Section>
  );
}
