import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { Icon } from '../components/icon';
import { runStatus } from '../components/status';
import { StatusIcon } from '../components/status-icon';
import { pollInterval, useLiveQuery } from '../graphql/use-live-query';
import { recentPlaces } from './recent-places';
import {
  fixedEntries,
  type SearchEntry,
  searchEntries,
  toEntries,
  toRecentEntries,
  toRunEntries,
} from './search-entries';
import styles from './search-palette.module.css';
import type { Overlay } from './shell';
import { runsByIdDocument, searchIndexDocument } from './shell.graphql';

/** Finds anything by a part of its name, and does what is asked most; without a text, where the reader was last. */
export default function SearchPalette({
  onClose,
  onOverlay,
}: {
  readonly onClose: () => void;
  readonly onOverlay: (overlay: Overlay) => void;
}) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [index, setIndex] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [recent] = useState(() => toRecentEntries(recentPlaces()));
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
    return text.trim() === ''
      ? [...recent, ...fixedEntries]
      : searchEntries([...others, ...(byId.data ?? []), ...fixedEntries], text);
  }, [query.data, byId.data, recent, text]);
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

  const choose = (entry: SearchEntry | undefined) => {
    if (!entry && !runId) return;
    onClose();
    if (entry) entry.go(navigate, onOverlay);
    else if (runId) void navigate({ to: '/runs/$runId', params: { runId } });
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
