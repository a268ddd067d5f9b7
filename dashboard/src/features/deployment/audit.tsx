import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { CopyId } from '../../components/copy-text';
import { DataGrid } from '../../components/data-grid';
import type { GridColumn } from '../../components/data-grid-types';
import { FilterBar } from '../../components/filter-bar';
import { Toolbar, WithSidePanel } from '../../components/page';
import { EmptyState, ErrorState, LoadingRows, Note } from '../../components/panel-states';
import { Facts, Section } from '../../components/section';
import { SidePanel } from '../../components/side-panel';
import { StatusIcon } from '../../components/status-icon';
import { StatusBadge, StatusText } from '../../components/status-text';
import { Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import { useUrlState } from '../../components/use-url-state';
import { type ApiError, expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { auditEntriesDocument } from './audit.graphql';
import styles from './audit.module.css';
import { auditFilterKeys, toAuditFilter } from './audit-filter';
import { type AuditEntry, auditChange, auditStatus, auditSubject } from './describe-audit';

const pageSize = 50;
/** Keyset pages of the audit log. */
function useAudit(text: string) {
  const filter = useMemo(() => toAuditFilter(text), [text]);
  return useInfiniteQuery<
    { readonly results: readonly AuditEntry[]; readonly cursor: string | null },
    ApiError,
    readonly AuditEntry[],
    readonly unknown[],
    string | null
  >({
    queryKey: [auditEntriesDocument.name, 'pages', filter],
    initialPageParam: null,
    queryFn: async ({ pageParam, signal }) => {
      const answer = await request(
        auditEntriesDocument,
        { ...filter, limit: pageSize, cursor: pageParam },
        signal,
      );
      return expectType(answer.auditEntriesOrError, 'AuditEntries');
    },
    getNextPageParam: (last) => (last.results.length < pageSize ? undefined : last.cursor),
    select: (data) => data.pages.flatMap((page) => page.results),
    retry: (count, error) => error.retryable && count < 3,
  });
}

const columns: readonly GridColumn<AuditEntry>[] = [
  { id: 'at', header: 'When', width: '92px', cell: (entry) => <Time at={entry.timestamp * 1_000} seconds /> },
  {
    id: 'user',
    header: 'Who',
    width: 'minmax(120px, 1fr)',
    cell: (entry) => <TwoLines first={<span className="strong">{entry.user}</span>} second={entry.role} />,
  },
  {
    id: 'action',
    header: 'Action',
    width: 'minmax(150px, 1.4fr)',
    cell: (entry) => <span className="mono">{entry.action}</span>,
  },
  {
    id: 'what',
    header: 'What',
    width: 'minmax(150px, 1.6fr)',
    cell: (entry) => (
      <TwoLines
        first={auditSubject(entry.input) ?? '—'}
        second={entry.message ?? auditChange(entry.before, entry.after) ?? ''}
      />
    ),
  },
  {
    id: 'outcome',
    header: 'Outcome',
    width: '104px',
    cell: (entry) => <StatusText status={auditStatus(entry.outcome)} />,
  },
  {
    id: 'via',
    header: 'From',
    width: 'minmax(70px, .6fr)',
    cell: (entry) => <span className="t2">{entry.via}</span>,
  },
];

/** Who asked for which change, newest first: for admins. */
export function Audit() {
  const [search, patch] = useUrlState();
  const text = search.q ?? '';
  const query = useAudit(text);
  const entries = query.data ?? [];
  const open = entries.find((entry) => entry.id === search.open);
  if (query.error?.kind === 'unauthorized') {
    return (
      <EmptyState icon="user" title="The audit log is for admins">
        {query.error.message}
      </EmptyState>
    );
  }
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  return (
    <>
      <Toolbar>
        <FilterBar
          label="Filter the audit log"
          value={text}
          keys={auditFilterKeys(entries)}
          onChange={(q) => patch({ q: q || undefined, open: undefined }, { push: true })}
        />
        <Button icon="retry" busy={query.isRefetching} onClick={() => void query.refetch()}>
          Newest
        </Button>
      </Toolbar>
      {query.isPending ? (
        <LoadingRows rows={12} />
      ) : query.error && entries.length === 0 ? (
        <ErrorState
          title="The audit log could not be loaded"
          error={query.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      ) : entries.length === 0 ? (
        <NoEntries filtered={text !== ''} onClear={() => patch({ q: undefined })} />
      ) : (
        <WithSidePanel panel={open && <EntryPanel entry={open} onClose={() => patch({ open: undefined })} />}>
          {query.error && (
            <Note kind="warn">
              <b>
                Data of <Time at={query.dataUpdatedAt} seconds />.
              </b>{' '}
              {query.error.message}
            </Note>
          )}
          <DataGrid<AuditEntry>
            label="Audit log"
            rows={entries}
            columns={columns}
            rowHeight={46}
            getId={(entry) => entry.id}
            rowLabel={(entry) => `${entry.action} by ${entry.user}`}
            onOpen={(entry) => patch({ open: entry.id })}
            activeId={open?.id}
            narrow={narrowEntry}
            onEnd={() => {
              if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
            }}
            footer={isFetchingNextPage ? <LoadingRows rows={2} /> : undefined}
          />
        </WithSidePanel>
      )}
    </>
  );
}

function narrowEntry(entry: AuditEntry) {
  const status = auditStatus(entry.outcome);
  return (
    <>
      <StatusIcon kind={status.kind} label={status.word} />
      <TwoLines
        first={<span className="mono">{entry.action}</span>}
        second={`${entry.user} · ${auditSubject(entry.input) ?? entry.via}`}
      />
      <span className={styles.end}>
        <Time at={entry.timestamp * 1_000} />
      </span>
    </>
  );
}

function NoEntries({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  return filtered ? (
    <EmptyState
      icon="search"
      title="No entry matches"
      action={<Button onClick={onClear}>Clear the filter</Button>}
    >
      Users and actions are matched whole.
    </EmptyState>
  ) : (
    <EmptyState icon="table" title="Nothing was changed yet">
      Every launch, switch, limit and token is kept here, refused requests too: who asked, for what, and what
      came of it.
    </EmptyState>
  );
}

function EntryPanel({ entry, onClose }: { readonly entry: AuditEntry; readonly onClose: () => void }) {
  return (
    <SidePanel
      onClose={onClose}
      title={
        <>
          <h2 className={styles.title}>{entry.action}</h2>
          <StatusBadge status={auditStatus(entry.outcome)} />
        </>
      }
    >
      {entry.message && (
        <Note kind={auditStatus(entry.outcome).kind} className={styles.message}>
          {entry.message}
        </Note>
      )}
      <Section title="Request" padded>
        <Facts
          rows={[
            ['When', <Time key="at" at={entry.timestamp * 1_000} seconds focusable />],
            ['Who', `${entry.user}, ${entry.role}`],
            ['From', entry.via],
            ['Request', <CopyId key="id" id={entry.requestId} />],
          ]}
        />
      </Section>
      <JsonSection title="Input" value={entry.input} />
      <JsonSection title="Before" value={entry.before} />
      <JsonSection title="After" value={entry.after} />
    </SidePanel>
  );
}

function JsonSection({ title, value }: { readonly title: string; readonly value: unknown }) {
  return (
    <Section title={title} padded>
      {value === null ? (
        <p className="t2 small">Nothing was there, or it is too much for an entry.</p>
      ) : (
        <CodeBlock label={title.toLowerCase()} text={JSON.stringify(value, null, 2)} />
      )}
    </Section>
  );
}
