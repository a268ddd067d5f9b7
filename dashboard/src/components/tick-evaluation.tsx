import { CodeBlock } from './code-block';
import { isAdHocJob, keyText } from './format/asset-key';
import { plural } from './format/number';
import { stackText } from './format/stack-text';
import { Note } from './panel-states';
import { ownTags, runTag, tagValue } from './run-tags';
import styles from './tick-evaluation.module.css';

export interface RunRequestLike {
  readonly runKey: string | null;
  readonly jobName: string | null;
  readonly runConfigYaml: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly assetSelection: readonly { readonly path: readonly string[] }[] | null;
}

export interface EvaluationLike {
  readonly runRequests: readonly RunRequestLike[] | null;
  readonly skipReason: string | null;
  readonly cursor: string | null;
  readonly error: { readonly message: string; readonly stack: readonly string[] } | null;
}

/** Requests written out; the rest are counted. */
const SHOWN = 20;

/** What a schedule or sensor would do: its runs with their configuration, why it would skip, or what it threw. */
export function TickEvaluation({
  evaluation,
  jobName,
}: {
  readonly evaluation: EvaluationLike;
  /** Job of requests that name none. */
  readonly jobName: string | null;
}) {
  const { error, skipReason } = evaluation;
  const requests = evaluation.runRequests ?? [];
  if (error) {
    return (
      <div className={styles.evaluation} role="status">
        <Note kind="failure">
          <b>It fails.</b> {error.message}
        </Note>
        {error.stack.length > 0 && <CodeBlock label="error" text={stackText(error)} />}
      </div>
    );
  }
  if (requests.length === 0) {
    return (
      <div className={styles.evaluation} role="status">
        <Note kind="skipped">
          <b>It launches nothing.</b> {skipReason ?? 'No reason is given.'}
        </Note>
      </div>
    );
  }
  return (
    <div className={styles.evaluation} role="status">
      <Note kind="success">
        <b>It launches {plural(requests.length, 'run')}.</b>
      </Note>
      <ol className={styles.requests} aria-label="Runs that it launches">
        {requests.slice(0, SHOWN).map((request, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: requests have no identity
          <li key={index}>
            <RequestText request={request} jobName={jobName} />
          </li>
        ))}
      </ol>
      {requests.length > SHOWN && <p className="t2">and {requests.length - SHOWN} more</p>}
    </div>
  );
}

function RequestText({
  request,
  jobName,
}: {
  readonly request: RunRequestLike;
  readonly jobName: string | null;
}) {
  const assets = request.assetSelection?.map(keyText) ?? [];
  const name = request.jobName ?? jobName;
  const partition = tagValue(request.tags, runTag.partition);
  const tags = ownTags(request.tags);
  const config = request.runConfigYaml.trim();
  return (
    <>
      <b className="strong">{name === null || isAdHocJob(name) ? plural(assets.length, 'asset') : name}</b>
      {partition !== undefined && <span className="mono"> {partition}</span>}
      {request.runKey !== null && <span className="t2"> · run key {request.runKey}</span>}
      {assets.length > 0 && <span className={styles.line}>{assets.join(', ')}</span>}
      {tags.length > 0 && (
        <span className={styles.line}>{tags.map(({ key, value }) => `${key}=${value}`).join(', ')}</span>
      )}
      {config !== '' && config !== '{}' && <CodeBlock label="run configuration" text={config} />}
    </>
  );
}
