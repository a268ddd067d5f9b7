import { Link } from '@tanstack/react-router';
import { keyText, keyToUrl } from '../../components/format/asset-key';
import { Scroll } from '../../components/page';
import { SimpleTable } from '../../components/simple-table';
import { TwoLines } from '../../components/two-lines';
import styles from './run-page.module.css';
import type { PlanStep } from './run-types';

/** Steps at a time: a page of a plan of thousands would be slow to scroll. */
const MOST_STEPS = 500;
/** Of a step, the assets and the steps before it that are named. */
const NAMED = 3;

/** What the run was to execute, in the order of its plan. */
export function RunPlanTable({ steps }: { readonly steps: readonly PlanStep[] }) {
  const shown = steps.slice(0, MOST_STEPS);
  return (
    <Scroll>
      {shown.length < steps.length && (
        <p className={styles.more}>
          The first {MOST_STEPS} of {steps.length.toLocaleString('en-US')} steps; the debug file has all.
        </p>
      )}
      <SimpleTable
        label="Plan"
        empty="This run has no plan any more."
        columns={[
          { header: '#', width: '56px', right: true },
          { header: 'Step' },
          { header: 'Makes' },
          { header: 'Waits for' },
          { header: 'Pool' },
        ]}
        rows={shown.map((step, index) => {
          const before = [
            ...new Set(step.inputs.flatMap(({ dependsOn }) => dependsOn.map(({ key }) => key))),
          ];
          return {
            id: step.key,
            cells: [
              index + 1,
              <span key="step" className="row">
                <Link
                  to="."
                  search={{ step: step.key }}
                  className="link mono"
                  activeProps={{ 'aria-current': undefined }}
                >
                  {step.key}
                </Link>
                {step.kind === 'UNRESOLVED_MAPPED' && (
                  <span className="t3">once for each dynamic output</span>
                )}
                {step.kind === 'UNRESOLVED_COLLECT' && <span className="t3">collects dynamic outputs</span>}
              </span>,
              step.assetKeys.length === 0 ? (
                '—'
              ) : (
                <span key="assets" className={styles.list}>
                  {step.assetKeys.slice(0, NAMED).map((key) => (
                    <Link
                      key={keyText(key)}
                      to="/assets/$"
                      params={{ _splat: keyToUrl(key) }}
                      search={{}}
                      className="link"
                    >
                      {keyText(key)}
                    </Link>
                  ))}
                  <More count={step.assetKeys.length - NAMED} />
                </span>
              ),
              before.length === 0 ? (
                '—'
              ) : (
                <span key="before" className={styles.list} title={before.join('\n')}>
                  {before.slice(0, NAMED).map((key) => (
                    <span key={key}>{key}</span>
                  ))}
                  <More count={before.length - NAMED} />
                </span>
              ),
              step.pool ?? '—',
            ],
            narrow: (
              <>
                <span className="t3">{index + 1}</span>
                <span className="grow">
                  <TwoLines
                    first={
                      <Link to="." search={{ step: step.key }} className="link mono">
                        {step.key}
                      </Link>
                    }
                    second={
                      before.length === 0
                        ? 'waits for nothing'
                        : `waits for ${before.slice(0, NAMED).join(', ')}${before.length > NAMED ? ` and ${before.length - NAMED} more` : ''}`
                    }
                  />
                </span>
                {step.pool && <span className="small t2">{step.pool}</span>}
              </>
            ),
          };
        })}
      />
    </Scroll>
  );
}

function More({ count }: { readonly count: number }) {
  return count > 0 ? <span className="t3">and {count} more</span> : null;
}
