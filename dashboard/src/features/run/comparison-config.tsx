import { useMemo } from 'react';
import { QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { expectType } from '../../graphql/api-error';
import { useLiveQuery } from '../../graphql/use-live-query';
import { compareLines } from './compare-runs';
import { runPlanDocument } from './run.graphql';
import styles from './run-comparison.module.css';

/** The lines by which the config of two runs differs. */
export function ComparedConfig({
  config,
  otherId,
}: {
  readonly config: string | undefined;
  readonly otherId: string;
}) {
  const other = useLiveQuery(
    runPlanDocument,
    { runId: otherId },
    {
      interval: false,
      keepPrevious: false,
      select: (answer) => expectType(answer.runOrError, 'Run').runConfigYaml.trim() || '{}',
    },
  );
  const mine = config === undefined ? undefined : config.trim() || '{}';
  const lines = useMemo(
    () => (mine === undefined || other.data === undefined ? undefined : compareLines(mine, other.data)),
    [mine, other.data],
  );
  const marks = { same: ' ', mine: '+', other: '−' } as const;
  const words = { same: '', mine: 'only this run: ', other: 'only the earlier run: ' } as const;
  return (
    <Section title="Config" detail="+ this run, − the earlier one" padded>
      <QueryPanel query={other} title="The other run's config could not be loaded" rows={3}>
        {(theirs) =>
          mine === theirs ? (
            <p className="t2 small">Both have the same config.</p>
          ) : lines === undefined ? (
            <p className="t2 small">The configs differ, and are too long to compare line by line.</p>
          ) : (
            <ol className={styles.diff}>
              {lines.map((line, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines repeat and never move
                <li key={index} data-kind={line.kind}>
                  <span aria-hidden="true">{marks[line.kind]}</span>
                  <span className="hidden-visually">{words[line.kind]}</span>
                  {line.text}
                </li>
              ))}
            </ol>
          )
        }
      </QueryPanel>
    </Section>
  );
}
