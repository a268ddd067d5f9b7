import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/button';
import { isAdHocJob } from '../../components/format/asset-key';
import { Menu, type MenuItem } from '../../components/menu';
import { runTag, runTrigger, tagValue } from '../../components/run-tags';
import { showToast } from '../../components/toast';
import { DeleteRunsDialog } from '../runs/delete-runs-dialog';
import { launchpadItem } from '../runs/launchpad-item';
import { debugFile } from './debug-file';
import { download } from './download';
import type { RunDetail } from './run-types';

/** What else can be done with a run: its launchpad, where it came from, everything of it as a file, its end. */
export function RunMenu({ run, finished }: { readonly run: RunDetail; readonly finished: boolean }) {
  const navigate = useNavigate();
  const [isDeleting, setDeleting] = useState(false);
  const [isReading, setReading] = useState(false);
  const saveDebugFile = async () => {
    setReading(true);
    try {
      download(`headrace-debug-${run.runId.slice(0, 8)}.json.gz`, await debugFile(run.runId));
      showToast({
        kind: 'success',
        title: 'The debug file is saved',
        detail: 'Look through it before you pass it on: output holds whatever the code printed.',
      });
    } catch (error) {
      showToast({
        kind: 'failure',
        title: 'The debug file could not be made',
        detail: error instanceof Error ? error.message : String(error),
      });
    } finally {
      setReading(false);
    }
  };
  return (
    <>
      <Menu
        trigger={<Button look="ghost" icon="more" aria-label="More actions" busy={isReading} />}
        items={[
          launchpadItem(run, navigate),
          ...originItems(run, navigate),
          'separator',
          {
            text: 'Download debug file',
            icon: 'download',
            detail: 'plan, events, output',
            onSelect: () => void saveDebugFile(),
          },
          'separator',
          {
            text: 'Delete…',
            icon: 'minus',
            danger: true,
            disabled: !run.hasDeletePermission
              ? 'your role may not delete runs here'
              : !finished && 'the run is not finished',
            onSelect: () => setDeleting(true),
          },
        ]}
      />
      {isDeleting && (
        <DeleteRunsDialog
          runs={[run]}
          filter=""
          onClose={(done) => {
            setDeleting(false);
            if (done) void navigate({ to: '/runs', search: {} });
          }}
        />
      )}
    </>
  );
}

type Navigate = ReturnType<typeof useNavigate>;

/** Ways to what launched it, and to the other runs of the same. */
function originItems(run: RunDetail, navigate: Navigate): MenuItem[] {
  const location = run.repositoryOrigin?.repositoryLocationName ?? '';
  const trigger = runTrigger(run.tags);
  const items: MenuItem[] = [];
  if (trigger.kind === 'schedule' || trigger.kind === 'sensor' || trigger.kind === 'automation') {
    const to = trigger.kind === 'schedule' ? '/schedules' : '/sensors';
    items.push({
      text: `Go to the ${trigger.kind}`,
      icon: trigger.icon,
      detail: trigger.text,
      onSelect: () => void navigate({ to, search: { open: `${location}:${trigger.text}` } }),
    });
  }
  const backfillId = tagValue(run.tags, runTag.backfill);
  if (backfillId !== undefined) {
    items.push({
      text: 'Go to the backfill',
      icon: 'backfills',
      detail: backfillId,
      onSelect: () => void navigate({ to: '/backfills/$backfillId', params: { backfillId }, search: {} }),
    });
  }
  const partition = tagValue(run.tags, runTag.partition);
  if (partition !== undefined) {
    items.push({
      text: 'Runs of this partition',
      icon: 'runs',
      detail: partition,
      onSelect: () => void navigate({ to: '/runs', search: { q: partitionFilter(run, partition) } }),
    });
  }
  return items;
}

const partitionFilter = (run: RunDetail, partition: string): string =>
  [
    ...(isAdHocJob(run.jobName) ? [] : [`job:${run.jobName}`]),
    `partition:${/\s/.test(partition) ? `"${partition}"` : partition}`,
  ].join(' ');
