import { Link } from '@tanstack/react-router';
import { useCallback, useMemo, useRef } from 'react';
import { selectSteps } from '../../../../lib/model/select-steps';
import { Button, buttonClass } from '../../components/button';
import { formatCount, plural } from '../../components/format/number';
import { Toolbar } from '../../components/page';
import { EmptyState } from '../../components/panel-states';
import { TextInput } from '../../components/text-input';
import { useFilterKey } from '../../components/use-filter-key';
import { useUrlState } from '../../components/use-url-state';
import { JobGraph } from './job-graph';
import styles from './job-overview.module.css';
import { nestedGraphs, opBoxes, opParents } from './op-boxes';
import { OpPanel } from './op-panel';
import { type JobOp, type JobParts, type JobSelector, useLastSteps } from './use-job-graph';

/** Up to this many ops nested graphs are open at first. */
const openAll = 60;

/** The ops of a job, those that a selection takes; nested graphs open and close. */
export function OpJobGraph({
  parts,
  selector,
}: {
  readonly parts: JobParts;
  readonly selector: JobSelector;
}) {
  const [search, patch] = useUrlState();
  const statuses = useLastSteps(selector);
  const filter = useRef<HTMLInputElement>(null);
  useFilterKey(filter);
  const text = search.ops ?? '';
  const ops = parts.solids;
  const { shown, problem } = useMemo(() => chooseOps(text, ops), [text, ops]);
  const graphs = useMemo(() => nestedGraphs(ops), [ops]);
  const open = useMemo(
    () => new Set(search.open === undefined ? (ops.length <= openAll ? graphs : []) : search.open.split(',')),
    [search.open, ops, graphs],
  );
  const isOpen = useCallback((graph: string) => graph === '' || open.has(graph), [open]);
  const boxes = useMemo(() => opBoxes(shown, isOpen, statuses), [shown, isOpen, statuses]);
  const setOpen = (next: ReadonlySet<string>) => patch({ open: [...next].filter(Boolean).join(',') || ',' });
  const toggle = (graph: string) => {
    const next = new Set(open);
    if (!next.delete(graph)) next.add(graph);
    setOpen(next);
  };
  const isAnyOpen = graphs.some((graph) => open.has(graph));
  const selected = ops.find((op) => op.name === search.op);
  const close = useCallback(() => patch({ op: undefined }), [patch]);
  return (
    <>
      <div className={styles.drawing}>
        <Toolbar>
          <TextInput
            label="Select ops"
            inputRef={filter}
            icon="filter"
            mono
            placeholder="all, or *op, op+, ++op"
            value={text}
            invalid={problem !== undefined}
            title={problem}
            onChange={(event) => patch({ ops: event.target.value || undefined })}
            onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
            after={
              <span className="t3 tiny nowrap">
                {formatCount(shown.length)} of {formatCount(ops.length)}
              </span>
            }
          />
          {graphs.length > 0 && (
            <Button onClick={() => setOpen(new Set(isAnyOpen ? [] : graphs))}>
              {isAnyOpen ? 'Close graphs' : 'Open graphs'}
            </Button>
          )}
          {text !== '' && problem === undefined && (
            <Link to="." search={{ tab: 'launch', select: text }} className={buttonClass()} activeProps={{}}>
              Launch {plural(shown.length, 'op')}…
            </Link>
          )}
        </Toolbar>
        {problem === undefined ? (
          <JobGraph
            boxes={boxes}
            noun="op"
            isOpen={isOpen}
            selected={selected?.name}
            onSelect={(op) => patch({ op })}
            onToggle={toggle}
          />
        ) : (
          <EmptyState
            icon="search"
            title="The selection cannot be followed"
            action={<Button onClick={() => patch({ ops: undefined })}>Show all</Button>}
          >
            {problem}
          </EmptyState>
        )}
      </div>
      {selected && <OpPanel op={selected} ops={ops} selector={selector} onClose={close} />}
    </>
  );
}

/** The ops that a selection takes, or why it takes none. */
function chooseOps(
  text: string,
  ops: readonly JobOp[],
): { readonly shown: readonly JobOp[]; readonly problem: string | undefined } {
  if (text.trim() === '') return { shown: ops, problem: undefined };
  try {
    const keys = new Set(
      selectSteps(
        text,
        ops.map((op) => ({ key: op.name, deps: opParents(op) })),
      ),
    );
    return { shown: ops.filter((op) => keys.has(op.name)), problem: undefined };
  } catch (error) {
    return { shown: [], problem: (error as Error).message };
  }
}
