import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { isAdHocJob, keyText, keyToUrl } from '../components/format/asset-key';
import { Icon } from '../components/icon';
import type { IconName } from '../components/icon-paths';
import { setPreferences } from '../components/preferences';
import { runStatus } from '../components/status';
import { StatusIcon } from '../components/status-icon';
import { expectType } from '../graphql/api-error';
import type { SearchIndexResult } from '../graphql/generated';
import { pollInterval, useLiveQuery } from '../graphql/use-live-query';
import { destinations } from './destinations';
import styles from './search-palette.module.css';
import { runsByIdDocument, searchIndexDocument } from './shell.graphql';

interface Entry {
  readonly id: string;
  readonly group: 'Assets' | 'Jobs' | 'Schedules' | 'Sensors' | 'Backfills' | 'Runs' | 'Pages' | 'Actions';
  readonly text: string;
  readonly detail?: string;
  readonly icon: IconName;
  readonly runStatus?: string;
  readonly go: (navigate: ReturnType<typeof useNavigate>) => void;
}

const fixed: readonly Entry[] = [
  ...destinations.map(
    (place): Entry => ({
      id: `page:${place.to}`,
      group: 'Pages',
      text: place.text,
      icon: place.icon,
      go: (navigate) => void navigate({ to: place.to }),
    }),
  ),
  ...(['system', 'light', 'dark'] as const).map(
    (theme): Entry => ({
      id: `theme:${theme}`,
      group: 'Actions',
      text: `Use the ${theme} theme`,
      icon: 'theme',
      go: () => setPreferences({ theme }),
    }),
  ),
];

function toEntries(result: SearchIndexResult): Entry[] {
  const { nodes } = expectType(result.repositoriesOrError, 'RepositoryConnection');
  const entries: Entry[] = [];
  for (const repository of nodes) {
    const location = repository.location.name;
    for (const node of repository.assetNodes) {
      entries.push({
        id: `asset:${node.id}`,
        group: 'Assets',
        text: keyText(node.assetKey),
        detail: node.groupName,
        icon: 'assets',
        go: (navigate) => void navigate({ to: '/assets/$', params: { _splat: keyToUrl(node.assetKey) } }),
      });
    }
    for (const job of repository.jobs) {
      if (isAdHocJob(job.name)) continue;
      entries.push({
        id: `job:${job.id}`,
        group: 'Jobs',
        text: job.name,
        detail: location,
        icon: 'jobs',
        go: (navigate) =>
          void navigate({ to: '/jobs/$location/$name', params: { location, name: job.name } }),
      });
    }
    for (const [group, icon, to, list] of [
      ['Schedules', 'schedules', '/schedules', repository.schedules],
      ['Sensors', 'sensors', '/sensors', repository.sensors],
    ] as const) {
      for (const each of list) {
        entries.push({
          id: `${group}:${each.id}`,
          group,
          text: each.name,
          detail: location,
          icon,
          go: (navigate) => void navigate({ to, search: { open: `${location}:${each.name}` } }),
        });
      }
    }
  }
  if (result.partitionBackfillsOrError.__typename === 'PartitionBackfills') {
    for (const { id, title, jobName, assetSelection } of result.partitionBackfillsOrError.results) {
      const [first] = assetSelection ?? [];
      entries.push({
        id: `backfill:${id}`,
        group: 'Backfills',
        text: id,
        detail: title ?? (first ? keyText(first) : (jobName ?? '')),
        icon: 'backfills',
        go: (navigate) =>
          void navigate({ to: '/backfills/$backfillId', params: { backfillId: id }, search: {} }),
      });
    }
  }
  return [...entries, ...toRunEntries(result)];
}

function toRunEntries({ runsOrError }: Pick<SearchIndexResult, 'runsOrError'>): Entry[] {
  if (runsOrError.__typename !== 'Runs') return [];
  return runsOrError.results.map((run) => ({
    id: `run:${run.runId}`,
    group: 'Runs',
    text: run.runId,
    detail: isAdHocJob(run.jobName) ? 'ad-hoc' : run.jobName,
    icon: 'runs',
    runStatus: run.status,
    go: (navigate) => void navigate({ to: '/runs/$runId', params: { runId: run.runId } }),
  }));
}

const perGroup = 6;

function search(entries: readonly Entry[], text: string): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const counts = new Map<string, number>();
  const found: Entry[] = [];
  const scored = entries
    .filter((entry) =>
      words.every((word) => `${entry.text} ${entry.detail ?? ''}`.toLowerCase().includes(word)),
    )
    .map((entry) => ({ entry, score: entry.text.toLowerCase().indexOf(words[0] ?? '') }));
  scored.sort((a, b) => (a.score < 0 ? 999 : a.score) - (b.score < 0 ? 999 : b.score));
  for (const { entry } of scored) {
    const count = counts.get(entry.group) ?? 0;
    if (count >= perGroup) continue;
    counts.set(entry.group, count + 1);
    found.push(entry);
  }
  const groups = [...new Set(found.map((entry) => entry.group))];
  return groups.flatMap((group) => found.filter((entry) => entry.group === group));
}

export default function SearchPalette({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [index, setIndex] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const query = useLiveQuery(searchIndexDocument, {}, { interval: pollInterval.still, select: toEntries });
  const idStart = /^[0-9a-f][0-9a-f-]{3,35}$/i.test(text.trim()) ? text.trim().toLowerCase() : undefined;
  const byId = useLiveQuery(
    runsByIdDocument,
    { filter: { runIds: [idStart ?? ''] } },
    { interval: false, keepPrevious: false, enabled: idStart !== undefined, select: toRunEntries },
  );
  const results = useMemo(() => {
    const known = new Set(byId.data?.map((entry) => entry.id));
    const others = (query.data ?? []).filter((entry) => !known.has(entry.id));
    return search([...others, ...(byId.data ?? []), ...fixed], text);
  }, [query.data, byId.data, text]);
  const runId = /^[0-9a-f-]{32,36}$/i.test(text.trim()) ? text.trim() : undefined;

  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useEffect(() => {
    document.getElementById(`${id}-${index}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, index]);

  const choose = (entry: Entry | undefined) => {
    if (entry) entry.go(navigate);
    else if (runId) void navigate({ to: '/runs/$runId', params: { runId } });
    else return;
    onClose();
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it; the click is the backdrop's
    <dialog
      ref={dialog}
      className={styles.palette}
      aria-label="Search"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className={styles.field}>
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-label="Search jobs, assets, runs, schedules, sensors"
          aria-expanded={results.length > 0}
          aria-controls={id}
          aria-activedescendant={results.length > 0 ? `${id}-${index}` : undefined}
          placeholder="Search jobs, assets, runs, schedules, sensors"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setIndex(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') setIndex(Math.min(results.length - 1, index + 1));
            else if (event.key === 'ArrowUp') setIndex(Math.max(0, index - 1));
            else if (event.key === 'Enter') choose(results[index]);
            else return;
            event.preventDefault();
          }}
        />
        <span className="t3 small nowrap">{results.length} found</span>
      </div>
      <div id={id} role="listbox" aria-label="Results" className={styles.results}>
        {results.map((entry, each) => (
          <div key={entry.id} role="presentation">
            {entry.group !== results[each - 1]?.group && <div className={styles.group}>{entry.group}</div>}
            {/* biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the input keeps the focus and handles the keys */}
            <div
              id={`${id}-${each}`}
              role="option"
              aria-selected={each === index}
              className={styles.option}
              onMouseMove={() => setIndex(each)}
              onClick={() => choose(entry)}
            >
              {entry.runStatus ? (
                <StatusIcon kind={runStatus(entry.runStatus).kind} label={runStatus(entry.runStatus).word} />
              ) : (
                <Icon name={entry.icon} />
              )}
              <span className="ellipsis">
                <Highlighted text={entry.text} words={text} />
              </span>
              {entry.detail && <span className="t3 push nowrap">{entry.detail}</span>}
            </div>
          </div>
        ))}
      </div>
      {results.length === 0 && (
        <p className={styles.none}>
          {query.error
            ? `The names could not be loaded: ${query.error.message}`
            : runId
              ? 'Press Enter to open the run with this id.'
              : `Nothing is named “${text}”. Try a part of the name, or a whole run id.`}
        </p>
      )}
    </dialog>
  );
}

function Highlighted({ text, words }: { readonly text: string; readonly words: string }) {
  const word = words.trim().split(/\s+/)[0] ?? '';
  const at = word ? text.toLowerCase().indexOf(word.toLowerCase()) : -1;
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + word.length)}</mark>
      {text.slice(at + word.length)}
    </>
  );
}
