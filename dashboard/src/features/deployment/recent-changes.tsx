import { Link } from '@tanstack/react-router';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { auditEntriesDocument } from './audit.graphql';
import { type AuditEntry, auditChange, auditStatus, auditSubject } from './describe-audit';

const shown = 6;

/** The newest entries of the audit log; nothing for those who may not read it. */
export function RecentChanges() {
  const { data } = useLiveQuery(
    auditEntriesDocument,
    { limit: shown },
    {
      interval: (entries: readonly AuditEntry[] | undefined) => (entries ? pollInterval.slow : false),
      select: (answer): readonly AuditEntry[] =>
        expectType(answer.auditEntriesOrError, 'AuditEntries').results,
    },
  );
  if (!data || data.length === 0) return null;
  return (
    <Section
      title="Recent changes"
      detail="from the audit log"
      actions={
        <Link to="/deployment" search={{ tab: 'audit' }} className="link">
          Audit
        </Link>
      }
    >
      <SimpleTable
        label="Recent changes"
        columns={[
          { header: 'When', width: '110px' },
          { header: 'Who' },
          { header: 'Action' },
          { header: 'What' },
          { header: 'From' },
        ]}
        rows={data.map((entry) => {
          const status = auditStatus(entry.outcome);
          const change = auditChange(entry.before, entry.after);
          return {
            id: entry.id,
            cells: [
              <Time key="at" at={entry.timestamp * 1_000} />,
              entry.user,
              <span key="action" className="row">
                <Link to="/deployment" search={{ tab: 'audit', open: entry.id }} className="mono">
                  {entry.action}
                </Link>
                {entry.outcome !== 'DONE' && <StatusText status={status} />}
              </span>,
              <span key="what">
                {auditSubject(entry.input) ?? '—'}
                {change && <span className="t2"> {change}</span>}
              </span>,
              <span key="via" className="t2">
                {entry.via}
              </span>,
            ],
            narrow: (
              <>
                <StatusIcon kind={status.kind} label={status.word} />
                <span className="grow">
                  <TwoLines
                    first={
                      <Link to="/deployment" search={{ tab: 'audit', open: entry.id }} className="mono">
                        {entry.action}
                      </Link>
                    }
                    second={`${entry.user} · ${auditSubject(entry.input) ?? entry.via}`}
                  />
                </span>
                <span className="t2 small">
                  <Time at={entry.timestamp * 1_000} />
                </span>
              </>
            ),
          };
        })}
      />
    </Section>
  );
}
