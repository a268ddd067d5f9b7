import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../components/button';
import { ErrorState, LoadingRows, Note } from '../../components/panel-states';
import { ScrollRegion } from '../../components/scroll-region';
import { Segmented } from '../../components/segmented';
import { Time } from '../../components/time';
import type { ApiError } from '../../graphql/api-error';
import type { CapturedLogsResult } from '../../graphql/generated';
import { request } from '../../graphql/request';
import { pollInterval } from '../../graphql/use-live-query';
import { download } from './download';
import { capturedLogsDocument } from './run.graphql';
import type { RunEvent } from './run-types';
import styles from './step-output.module.css';
import { UnreadableOutput } from './unreadable-output';
import { useLastRead } from './use-last-read';

export interface StepCapture {
  readonly fileKey: string;
  /** 1 for the first try. */
  readonly tryNumber: number;
}

/** The captured outputs of a step, oldest try first. */
export function stepCaptures(events: readonly RunEvent[], stepKey: string): StepCapture[] {
  const keys: string[] = [];
  for (const event of events) {
    if (event.__typename !== 'LogsCapturedEvent') continue;
    const steps = event.stepKeys ?? (event.stepKey ? [event.stepKey] : []);
    if (steps.includes(stepKey) && !keys.includes(event.fileKey)) keys.push(event.fileKey);
  }
  return keys.map((fileKey, index) => ({ fileKey, tryNumber: index + 1 }));
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly cursor: string | undefined;
  /** The last page had something: there may be more. */
  readonly hasMore: boolean;
  readonly unreadable: CapturedLogsResult['capturedLogs']['unreadable'];
}

/** Lines kept on screen; the download has all. */
const shownLines = 5_000;

/** What the selected step wrote, per try; follows the end while it runs. */
export function StepOutput({
  runId,
  title,
  captures,
  live,
}: {
  readonly runId: string;
  /** What readers call the step. */
  readonly title: string;
  readonly captures: readonly StepCapture[];
  readonly live: boolean;
}) {
  const [stream, setStream] = useState<'stdout' | 'stderr'>('stdout');
  const [chosen, setChosen] = useState<number>();
  const capture = captures.find((each) => each.tryNumber === chosen) ?? captures.at(-1);
  const client = useQueryClient();
  const queryKey = ['CapturedLogs', runId, capture?.fileKey];
  useLastRead(queryKey, live);
  const query = useQuery<Output, ApiError>({
    queryKey,
    enabled: capture !== undefined,
    queryFn: async ({ signal }) => {
      const known = client.getQueryData<Output>(queryKey);
      const logKey = [runId, 'compute_logs', capture?.fileKey ?? ''];
      const { capturedLogs } = await request(capturedLogsDocument, { logKey, cursor: known?.cursor }, signal);
      return {
        stdout: (known?.stdout ?? '') + (capturedLogs.stdout ?? ''),
        stderr: (known?.stderr ?? '') + (capturedLogs.stderr ?? ''),
        cursor: capturedLogs.cursor ?? known?.cursor,
        hasMore: capturedLogs.cursor !== null && capturedLogs.cursor !== (known?.cursor ?? '0:0'),
        unreadable: [...(known?.unreadable ?? []), ...capturedLogs.unreadable],
      };
    },
    structuralSharing: false,
    refetchInterval: ({ state }) => {
      if (state.error) return pollInterval.failing;
      if (state.data?.hasMore) return live ? pollInterval.live / 2 : 1;
      return live ? pollInterval.live : false;
    },
  });
  const text = query.data?.[stream] ?? '';
  const lines = useMemo(() => {
    const all = text.split('\n');
    if (all.at(-1) === '') all.pop();
    return { first: Math.max(0, all.length - shownLines), shown: all.slice(-shownLines) };
  }, [text]);
  const scroller = useRef<HTMLElement>(null);
  const follow = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new text moves the end
  useEffect(() => {
    if (follow.current && live) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [text, live]);

  return (
    <section className={styles.output} aria-label={`Output of ${title}`}>
      <div className={styles.bar}>
        <Segmented
          label="Stream"
          value={stream}
          options={[
            { value: 'stdout', text: 'stdout' },
            { value: 'stderr', text: 'stderr' },
          ]}
          onChange={setStream}
        />
        <b className="strong ellipsis" title={title}>
          {title}
        </b>
        <span className="push" />
        {captures.length > 1 && (
          <select
            className={styles.tries}
            aria-label="Try"
            value={capture?.tryNumber}
            onChange={(event) => setChosen(Number(event.target.value))}
          >
            {captures.map((each) => (
              <option key={each.fileKey} value={each.tryNumber}>
                Try {each.tryNumber} of {captures.length}
              </option>
            ))}
          </select>
        )}
        <Button
          look="ghost"
          small
          icon="download"
          aria-label={`Download ${stream}`}
          disabled={!text}
          onClick={() => download(`${runId.slice(0, 8)}-${capture?.fileKey}.${stream}.txt`, text)}
        />
      </div>
      {query.error && query.data && (
        <Note kind="warn" className={styles.note}>
          <b>
            Output of <Time at={query.dataUpdatedAt} seconds />.
          </b>{' '}
          {query.error.message} Trying again every 5 s.
        </Note>
      )}
      <UnreadableOutput
        parts={query.data?.unreadable.filter((part) => part.stream === stream) ?? []}
        onReadAgain={() => void client.resetQueries({ queryKey })}
      />
      {query.error && !query.data ? (
        <ErrorState
          title="The output could not be read"
          error={query.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      ) : capture && query.isPending ? (
        <LoadingRows rows={5} />
      ) : (
        <ScrollRegion
          regionRef={scroller}
          label={`${stream} lines`}
          className={styles.scroller}
          onScroll={(event) => {
            const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
            follow.current = scrollHeight - scrollTop - clientHeight < 24;
          }}
        >
          {lines.shown.length === 0 ? (
            <p className={styles.none}>
              {capture
                ? `Nothing on ${stream}${live ? ' yet' : ''}.`
                : 'This step has captured no output yet.'}
            </p>
          ) : (
            <ol className={styles.lines} style={{ counterReset: `line ${lines.first}` }}>
              {lines.shown.map((line, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines are appended, never moved
                <li key={lines.first + index}>{line}</li>
              ))}
            </ol>
          )}
        </ScrollRegion>
      )}
    </section>
  );
}
