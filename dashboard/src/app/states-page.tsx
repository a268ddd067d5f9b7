import { useState } from 'react';
import { BulkBar } from '../components/bulk-bar';
import { Button } from '../components/button';
import { Checkbox } from '../components/checkbox';
import { CodeBlock } from '../components/code-block';
import { Command, CopyId } from '../components/copy-text';
import { Dialog } from '../components/dialog';
import { drawMark } from '../components/draw-mark';
import { DurationBar } from '../components/duration-bar';
import { FilterBar } from '../components/filter-bar';
import { Menu } from '../components/menu';
import { Meter } from '../components/meter';
import { Scroll } from '../components/page';
import { PageTitle } from '../components/page-title';
import { EmptyState, ErrorState, LoadingRows, Note } from '../components/panel-states';
import { Section } from '../components/section';
import { Segmented } from '../components/segmented';
import { StatStrip } from '../components/stat-strip';
import type { Status, StatusKind } from '../components/status';
import { StatusBadge, StatusText } from '../components/status-text';
import { Switch } from '../components/switch';
import { Kbd, Tag } from '../components/tag';
import { TextInput } from '../components/text-input';
import { TickStrip } from '../components/tick-strip';
import { showToast, ToastCard } from '../components/toast';
import { useCanvas } from '../components/use-canvas';
import styles from './states-page.module.css';

const statuses: readonly (Status & { readonly means: string })[] = [
  { kind: 'queued', word: 'Queued', means: 'waits; the reason is beside it' },
  { kind: 'starting', word: 'Starting', means: 'the worker is being launched' },
  { kind: 'running', word: 'Running', means: 'steps execute' },
  { kind: 'waiting', word: 'Waiting', means: 'suspended: retry, approval, pool' },
  { kind: 'retry', word: 'Retrying', means: 'the next try is scheduled' },
  { kind: 'success', word: 'Success', means: 'finished' },
  { kind: 'failure', word: 'Failed', means: 'finished with an error' },
  { kind: 'canceling', word: 'Canceling', means: 'asked to stop' },
  { kind: 'canceled', word: 'Canceled', means: 'stopped by a person or a rule' },
  { kind: 'skipped', word: 'Skipped', means: 'no reason to run' },
  { kind: 'none', word: 'Not started', means: 'planned in this run' },
  { kind: 'expected', word: 'Expected', means: 'a future tick' },
  { kind: 'late', word: 'Late', means: 'due, within reach' },
  { kind: 'missed', word: 'Missed', means: 'due, will not be evaluated' },
  { kind: 'stale', word: 'Stale', means: 'code or data upstream is newer' },
  { kind: 'missing', word: 'Missing', means: 'never materialized' },
];

const markKinds: readonly StatusKind[] = [
  'success',
  'failure',
  'running',
  'queued',
  'waiting',
  'canceled',
  'skipped',
];

/** Every component in every state, for looking at and for tests. */
export function StatesPage() {
  const [on, setOn] = useState(true);
  const [filter, setFilter] = useState('job:ingest_* -status:success nosuch:x');
  const [view, setView] = useState<'a' | 'b' | 'c'>('a');
  const [asking, setAsking] = useState(false);
  const [openedAt] = useState(Date.now);
  return (
    <>
      <PageTitle title="Components in every state" />
      <Scroll>
        <Section title="Status vocabulary" detail="shape, then word, then colour" padded>
          <ul className={styles.grid}>
            {statuses.map((status) => (
              <li key={status.word}>
                <StatusText status={status} />
                <span className="t2 small">{status.means}</span>
              </li>
            ))}
          </ul>
          <div className={styles.line}>
            {statuses.map((status) => (
              <StatusBadge key={status.word} status={status} />
            ))}
          </div>
        </Section>
        <Section title="Buttons" padded>
          {(['primary', 'plain', 'ghost', 'danger', 'danger-solid'] as const).map((look) => (
            <div key={look} className={styles.line}>
              <span className={styles.label}>{look}</span>
              <Button look={look} icon="play">
                Default
              </Button>
              <Button look={look} icon="play" disabled title="Says why it is disabled">
                Disabled
              </Button>
              <Button look={look} busy>
                Saving
              </Button>
              <Button look={look} small icon="retry">
                Small
              </Button>
              <Button look={look} icon="plus" aria-label={`Icon only, ${look}`} />
            </div>
          ))}
        </Section>
        <Section title="Controls" padded>
          <div className={styles.line}>
            <span className={styles.label}>switch</span>
            <Switch label="Follows you" checked={on} onChange={setOn} />
            <Switch label="Off" checked={false} onChange={() => undefined} />
            <Switch label="Saving" checked saving onChange={() => undefined} />
            <Switch
              label="No permission"
              checked
              disabled
              title="Your role may not"
              onChange={() => undefined}
            />
          </div>
          <div className={styles.line}>
            <span className={styles.label}>checkbox</span>
            <Checkbox label="Checked" checked onChange={() => undefined} />
            <Checkbox label="Unchecked" checked={false} onChange={() => undefined} />
            <Checkbox label="Mixed" checked={false} mixed onChange={() => undefined} />
          </div>
          <div className={styles.line}>
            <span className={styles.label}>choice</span>
            <Segmented
              label="Example"
              value={view}
              options={[
                { value: 'a', text: '1 h' },
                { value: 'b', text: '6 h' },
                { value: 'c', text: '12 h' },
              ]}
              onChange={setView}
            />
            <Menu
              caption="Re-execute"
              trigger={<Button icon="chevronDown">Menu</Button>}
              items={[
                { text: 'From failure', icon: 'retry', detail: '3 steps', onSelect: () => undefined },
                { text: 'Selected steps', disabled: 'nothing is selected', onSelect: () => undefined },
                'separator',
                { text: 'Delete run…', icon: 'close', danger: true, onSelect: () => undefined },
              ]}
            />
            <Button onClick={() => setAsking(true)}>Dialog</Button>
            <Button
              onClick={() =>
                showToast({
                  kind: 'failure',
                  title: 'nightly_dbt is still off',
                  detail: 'Your role may not turn schedules on.',
                })
              }
            >
              Toast
            </Button>
          </div>
          <div className={styles.line}>
            <TextInput label="Default" placeholder="owner/name" />
            <TextInput label="Invalid" defaultValue="500" invalid />
            <TextInput label="Disabled" defaultValue="secret:snowflake/key" disabled />
          </div>
          <FilterBar
            label="Example filter"
            value={filter}
            keys={[
              { key: 'job' },
              { key: 'status', values: [{ value: 'failed', detail: '41' }, { value: 'success' }] },
              { key: 'tag' },
            ]}
            onChange={setFilter}
          />
          <div className={styles.line}>
            <CopyId id="7d2f90ac-11aa-4b0e" />
            <Tag k="team" value="analytics" />
            <Tag value="blocking" />
            <Kbd>?</Kbd>
            <Command text="npx headrace run raw/earthquakes" />
          </div>
        </Section>
        <Section title="Marks and bars" padded>
          <Marks />
          <div className={styles.line}>
            <TickStrip
              ticks={['success', 'success', 'skipped', 'failure', 'running', 'success']}
              slots={12}
              label="6 ticks"
            />
            <span className={styles.meter}>
              <Meter
                label="94 % of partitions"
                total={100}
                parts={[
                  { kind: 'success', value: 90 },
                  { kind: 'running', value: 4 },
                  { kind: 'failure', value: 2 },
                ]}
              />
            </span>
            <span className={styles.meter}>
              <DurationBar from={openedAt - 60_000} to={openedAt} median={50_000} />
            </span>
            <span className={styles.meter}>
              <DurationBar from={openedAt - 160_000} to={openedAt} median={50_000} />
            </span>
          </div>
          <StatStrip
            label="Figures"
            stats={[
              { label: 'Failed runs', kind: 'failure', value: '4', detail: '3 jobs' },
              { label: 'Queued', kind: 'queued', value: '9', detail: 'oldest 2 h', link: { to: '/runs' } },
              { label: 'Checks', kind: 'warn', value: '4 of 5 pass', detail: '1 warning', small: true },
            ]}
          />
        </Section>
        <Section title="A panel: loading, empty, error, stale">
          <div className={styles.panels}>
            <LoadingRows rows={5} immediate />
            <EmptyState icon="runs" title="No runs yet" command="npx headrace run raw/earthquakes">
              A run executes a job or materializes assets. Start the first one:
            </EmptyState>
            <ErrorState
              title="Runs could not be loaded"
              error={new Error('The database is waking up.')}
              onRetry={() => undefined}
            />
            <div className={styles.stale}>
              <Note kind="warn">
                <b>Data of 14:27:10.</b> The API does not answer. Trying again every 5 s.
              </Note>
              <Note kind="failure">
                <b>Nothing was launched.</b> Pool snowflake does not exist.
              </Note>
              <Note kind="queued">
                <b>Queued.</b> It starts when a slot is free.
              </Note>
            </div>
          </div>
        </Section>
        <Section title="Messages" padded>
          <div className={styles.toasts}>
            <ToastCard
              toast={{
                kind: 'success',
                title: 'Launched run 7d2f90ac',
                detail: 'ingest_github_issues',
                action: { text: 'Open', run: () => undefined },
              }}
              onClose={() => undefined}
            />
            <ToastCard toast={{ kind: 'canceling', title: 'Canceling 37 runs' }} onClose={() => undefined} />
          </div>
          <CodeBlock
            label="error"
            text={'HttpError: HTTP 502 Bad Gateway\n    at RestClient.fetch (rest-client.ts:118)'}
          />
          <div className={styles.bulk}>
            <BulkBar text="3 selected" onClear={() => undefined}>
              <Button look="danger">Cancel 3 runs…</Button>
            </BulkBar>
          </div>
        </Section>
      </Scroll>
      {asking && (
        <Dialog
          title="Cancel 37 runs?"
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button autoFocus onClick={() => setAsking(false)}>
                Keep them
              </Button>
              <Button look="danger-solid" onClick={() => setAsking(false)}>
                Cancel 37 runs
              </Button>
            </>
          }
        >
          Every run that matches <b className="strong">job:ingest_* status:queued</b>.
        </Dialog>
      )}
    </>
  );
}

function Marks() {
  const { ref } = useCanvas((context) => {
    markKinds.forEach((kind, row) => {
      drawMark(context, { kind, x: 4, y: 14 + row * 26, width: 260 });
      drawMark(context, { kind, x: 300, y: 14 + row * 26, width: 24 });
      drawMark(context, { kind, x: 350, y: 14 + row * 26, width: 1 });
    });
  });
  return (
    <canvas ref={ref} className={styles.marks} role="img" aria-label={`Bars for ${markKinds.join(', ')}`} />
  );
}
