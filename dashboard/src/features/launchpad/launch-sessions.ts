/** What somebody prepares to launch. */
export interface Draft {
  readonly config: string;
  readonly tags: string;
  readonly partitions: string;
  /** Of the second dimension. */
  readonly second: string;
  readonly selection: string;
  /** Run that it was taken over from; empty for the job's defaults. */
  readonly from: string;
}

/** A tab of the launchpad. */
export interface LaunchSession {
  /** Unique among the job's; the address names it. */
  readonly id: string;
  readonly name: string;
  /** What was changed; the rest is as the job has it. */
  readonly draft: Partial<Draft>;
}

export type LaunchSessions = readonly LaunchSession[];

const newName = 'New run';
const untouched: LaunchSessions = [{ id: '1', name: newName, draft: {} }];

/** Sessions as the browser kept them; a fresh one where it kept none, or nothing that can be read. */
export function readSessions(text: string): LaunchSessions {
  try {
    const kept = (JSON.parse(text || '[]') as unknown[]).filter(isSession);
    return kept.length > 0 ? kept : untouched;
  } catch {
    return untouched;
  }
}

function isSession(value: unknown): value is LaunchSession {
  const { id, name, draft } = (value ?? {}) as Partial<LaunchSession>;
  return typeof id === 'string' && typeof name === 'string' && typeof draft === 'object' && draft !== null;
}

/** An id that none has. */
export function freeId(sessions: LaunchSessions): string {
  return String(Math.max(0, ...sessions.map(({ id }) => Number(id) || 0)) + 1);
}

function freeName(sessions: LaunchSessions, wanted: string): string {
  const base = wanted.replace(/ \d+$/, '');
  const taken = new Set(sessions.map(({ name }) => name));
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${base} ${count}`;
  return name;
}

/** With one more at the end; a name that is taken gets a number. */
export function addSession(
  sessions: LaunchSessions,
  { id, name = newName, draft = {} }: Pick<LaunchSession, 'id'> & Partial<LaunchSession>,
): LaunchSessions {
  return [...sessions, { id, name: freeName(sessions, name), draft }];
}

/** With a copy of one right after it. */
export function duplicateSession(sessions: LaunchSessions, of: string, id: string): LaunchSessions {
  return sessions.flatMap((each) =>
    each.id === of ? [each, { ...each, id, name: freeName(sessions, each.name) }] : [each],
  );
}

/** With another name for one; an empty name changes nothing. */
export function renameSession(sessions: LaunchSessions, id: string, name: string): LaunchSessions {
  const wanted = name.trim();
  if (wanted === '') return sessions;
  const others = sessions.filter((each) => each.id !== id);
  return sessions.map((each) => (each.id === id ? { ...each, name: freeName(others, wanted) } : each));
}

/** Without one; where it was the last, a fresh one takes its place. */
export function closeSession(sessions: LaunchSessions, id: string): LaunchSessions {
  const left = sessions.filter((each) => each.id !== id);
  return left.length > 0 ? left : untouched;
}

/** With one that was closed back where it was. */
export function reopenSession(sessions: LaunchSessions, closed: LaunchSession, at: number): LaunchSessions {
  const isTaken = sessions.some(({ id }) => id === closed.id);
  const back = isTaken ? { ...closed, id: freeId(sessions) } : closed;
  return sessions.toSpliced(at, 0, back);
}

export function patchDraft(sessions: LaunchSessions, id: string, change: Partial<Draft>): LaunchSessions {
  return sessions.map((each) => (each.id === id ? { ...each, draft: { ...each.draft, ...change } } : each));
}

/** With a whole other draft in one. */
export function replaceDraft(sessions: LaunchSessions, id: string, draft: Partial<Draft>): LaunchSessions {
  return sessions.map((each) => (each.id === id ? { ...each, draft } : each));
}
