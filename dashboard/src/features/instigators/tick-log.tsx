import { QueryPanel } from '../../components/panel-states';
import { ScrollRegion } from '../../components/scroll-region';
import { Time } from '../../components/time';
import { expectType } from '../../graphql/api-error';
import type { TickLogVariables } from '../../graphql/generated';
import { useLiveQuery } from '../../graphql/use-live-query';
import { tickLogDocument } from './tick-log.graphql';
import styles from './tick-log.module.css';

/** What the code of a schedule or sensor logged in one tick; read when it is opened. */
export function TickLog({ selector, tickId }: TickLogVariables) {
  const query = useLiveQuery(
    tickLogDocument,
    { selector, tickId },
    {
      interval: false,
      select: (answer) =>
        expectType(answer.instigationStateOrError, 'InstigationState').tick.logEvents.events,
    },
  );
  return (
    <QueryPanel query={query} title="The log could not be loaded" rows={1}>
      {(events) =>
        events.length === 0 ? (
          <p className="t2 small">It logged nothing.</p>
        ) : (
          <ScrollRegion label="Log of the tick">
            <ol className={styles.lines}>
              {events.map(({ timestamp, level, message }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a log that is read once has no other key
                <li key={index} data-level={level}>
                  <Time at={Number(timestamp)} seconds />
                  <span className="t2">{level}</span>
                  <span className={styles.message}>{message}</span>
                </li>
              ))}
            </ol>
          </ScrollRegion>
        )
      }
    </QueryPanel>
  );
}
