import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../components/button';
import { Menu } from '../../components/menu';
import { StatusIcon } from '../../components/status-icon';
import type { UrlState } from '../../components/use-url-state';
import type { LaunchSession, LaunchSessions } from './launch-sessions';
import styles from './session-tabs.module.css';

/** The launchpad's tabs: each is a launch that somebody prepares, with an address of its own. */
export function SessionTabs({
  sessions,
  current,
  search,
  hasErrors,
  onAdd,
  onRename,
  onDuplicate,
  onClose,
}: {
  readonly sessions: LaunchSessions;
  readonly current: LaunchSession;
  /** Of the page; each tab adds its own. */
  readonly search: UrlState;
  /** Of the current one. */
  readonly hasErrors: boolean;
  readonly onAdd: () => void;
  readonly onRename: (name: string) => void;
  readonly onDuplicate: () => void;
  readonly onClose: () => void;
}) {
  const [renamed, setRenamed] = useState<string>();
  const nav = useRef<HTMLElement>(null);
  const shown = `${current.id} ${current.name}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current one comes into view where not all fit
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [shown]);
  return (
    <div className={styles.bar}>
      <nav ref={nav} className={styles.tabs} aria-label="Launchpad tabs">
        {sessions.map((session) => {
          const isCurrent = session.id === current.id;
          if (isCurrent && renamed === session.id)
            return (
              <NameField
                key={session.id}
                name={session.name}
                onDone={(name) => {
                  setRenamed(undefined);
                  if (name !== undefined) onRename(name);
                }}
              />
            );
          return (
            <Link
              key={session.id}
              to="."
              search={{ ...search, session: session.id }}
              aria-current={isCurrent ? 'page' : undefined}
              activeOptions={{ exact: true }}
              title={isCurrent ? 'Double-click to rename' : undefined}
              onDoubleClick={() => isCurrent && setRenamed(session.id)}
            >
              <span className="ellipsis">{session.name}</span>
              {isCurrent && hasErrors && <StatusIcon kind="failure" size={13} label="has errors" />}
            </Link>
          );
        })}
      </nav>
      <Menu
        trigger={<Button look="ghost" small icon="more" aria-label={`Actions of the tab ${current.name}`} />}
        items={[
          { text: 'Rename', onSelect: () => setRenamed(current.id) },
          { text: 'Duplicate', onSelect: onDuplicate },
          'separator',
          { text: sessions.length === 1 ? 'Start anew' : 'Close', onSelect: onClose },
        ]}
      />
      <Button look="ghost" small icon="plus" aria-label="New tab" onClick={onAdd} />
      <span className="t3 tiny push nowrap wide-only">kept in this browser</span>
    </div>
  );
}

/** Enter takes the name, Esc leaves the old one. */
function NameField({
  name,
  onDone,
}: {
  readonly name: string;
  readonly onDone: (name: string | undefined) => void;
}) {
  const [text, setText] = useState(name);
  return (
    <input
      className={styles.name}
      aria-label="Name of the tab"
      // biome-ignore lint/a11y/noAutofocus: it takes the place of the name that was just chosen to be changed
      autoFocus
      maxLength={60}
      value={text}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => onDone(text)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onDone(text);
        else if (event.key === 'Escape') onDone(undefined);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
