import { useEffect, useRef, useState } from 'react';
import { QueryPanel } from '../../components/panel-states';
import { showToast } from '../../components/toast';
import { useUrlState } from '../../components/use-url-state';
import { LaunchForm } from './launch-form';
import {
  addSession,
  closeSession,
  type Draft,
  duplicateSession,
  freeId,
  patchDraft,
  renameSession,
  reopenSession,
  replaceDraft,
} from './launch-sessions';
import type { LaunchTarget } from './launch-target';
import { draftOfRun } from './reuse-run';
import { SessionTabs } from './session-tabs';
import { type LaunchOptions, useLaunchOptions } from './use-launch-options';
import { useLaunchSessions } from './use-launch-sessions';

/**
 * Everything that a run can be launched with, in tabs that this browser keeps. The address names the tab; in it
 * `partitions` and `select` take the place of what the tab has, and `from` opens a tab with what a run was given.
 */
export default function Launchpad({ target }: { readonly target: LaunchTarget }) {
  return (
    <QueryPanel query={useLaunchOptions(target)} title="The launchpad could not be loaded" rows={12}>
      {(options) => <LaunchTabs target={target} options={options} />}
    </QueryPanel>
  );
}

/** What the address asks of one tab is not meant for another. */
const unasked = { from: undefined, partitions: undefined, select: undefined };

function LaunchTabs({ target, options }: { readonly target: LaunchTarget; readonly options: LaunchOptions }) {
  const [search, patchSearch] = useUrlState();
  const [sessions, change] = useLaunchSessions(`${target.locationName}/${target.jobName}`);
  const [hasErrors, setHasErrors] = useState(false);
  const named = sessions.find(({ id }) => id === search.session);
  const session = named ?? sessions[0];
  const isLost = search.session !== undefined && named === undefined;
  useEffect(() => {
    if (isLost) patchSearch({ session: undefined });
  }, [isLost, patchSearch]);

  const add = (name?: string, draft?: Partial<Draft>) => {
    const id = freeId(sessions);
    change((all) => addSession(all, { id, ...(name ? { name } : {}), ...(draft ? { draft } : {}) }));
    patchSearch({ ...unasked, session: id }, { push: !search.from });
  };
  const taking = useRef<string>(undefined);
  const take = async (runId: string, into: (draft: Partial<Draft>) => void) => {
    try {
      into(await draftOfRun(runId, target.isAssetJob));
    } catch (cause) {
      const title = `Run ${runId.slice(0, 8)} could not be taken over`;
      showToast({ kind: 'failure', title, detail: (cause as Error).message });
      patchSearch({ from: undefined });
    }
  };
  useEffect(() => {
    const { from } = search;
    if (from === taking.current) return;
    taking.current = from;
    if (from === undefined) return;
    const known = sessions.find(({ draft }) => draft.from === from);
    if (known) patchSearch({ session: known.id, from: undefined });
    else void take(from, (draft) => add(`From ${from.slice(0, 8)}`, draft));
  });
  if (!session) return null;

  const { id } = session;
  const draft: Draft = {
    config: options.yaml,
    tags: '',
    partitions: 'latest',
    second: 'latest',
    selection: '',
    from: '',
    ...session.draft,
    ...(search.partitions === undefined ? {} : { partitions: search.partitions }),
    ...(search.select === undefined ? {} : { selection: search.select }),
  };
  const patch = (more: Partial<Draft>) => {
    if (more.partitions !== undefined && search.partitions !== undefined)
      patchSearch({ partitions: undefined });
    if (more.selection !== undefined && search.select !== undefined) patchSearch({ select: undefined });
    change((all) => patchDraft(all, id, more));
  };
  const replace = (next: Partial<Draft>, title: string) => {
    const before = session.draft;
    change((all) => replaceDraft(all, id, next));
    const undo = { text: 'Undo', run: () => change((all) => replaceDraft(all, id, before)) };
    showToast({ kind: 'success', title, action: undo });
  };
  const startFrom = (runId: string) => {
    if (runId === '') replace({}, 'Took the job’s defaults');
    else void take(runId, (taken) => replace(taken, `Took over run ${runId.slice(0, 8)}`));
  };
  const close = () => {
    const at = sessions.indexOf(session);
    change((all) => closeSession(all, id));
    patchSearch({ ...unasked, session: sessions[at + 1]?.id ?? sessions[at - 1]?.id });
    if (Object.keys(session.draft).length === 0) return;
    showToast({
      kind: 'success',
      title: `Closed ${session.name}`,
      action: { text: 'Undo', run: () => change((all) => reopenSession(all, session, at)) },
    });
  };
  return (
    <>
      <SessionTabs
        sessions={sessions}
        current={session}
        search={{ ...search, ...unasked }}
        hasErrors={hasErrors}
        onAdd={() => add()}
        onRename={(name) => change((all) => renameSession(all, id, name))}
        onDuplicate={() => {
          const copy = freeId(sessions);
          change((all) => duplicateSession(all, id, copy));
          patchSearch({ session: copy }, { push: true });
        }}
        onClose={close}
      />
      <LaunchForm
        key={id}
        target={target}
        options={options}
        draft={draft}
        hasOwnConfig={session.draft.config === undefined}
        onChange={patch}
        onStartFrom={startFrom}
        onErrors={setHasErrors}
      />
    </>
  );
}
