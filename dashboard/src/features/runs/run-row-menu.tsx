import { useNavigate } from '@tanstack/react-router';
import { Button } from '../../components/button';
import type { GridColumn } from '../../components/data-grid-types';
import { Menu } from '../../components/menu';
import { launchpadItem } from './launchpad-item';
import { isFinished, type RunRow } from './run-rows';

/** What can be done to runs of the list; each asks first. */
export type RunAction = 'cancel' | 'retry' | 'delete';

/** The last column: a menu of each run. */
export function menuColumn(onAsk: (what: RunAction, run: RunRow) => void): GridColumn<RunRow> {
  return {
    id: 'menu',
    header: '',
    width: '28px',
    right: true,
    cell: (run) => <RunRowMenu run={run} onAsk={(what) => onAsk(what, run)} />,
  };
}

function RunRowMenu({ run, onAsk }: { readonly run: RunRow; readonly onAsk: (what: RunAction) => void }) {
  const navigate = useNavigate();
  const open = (tab: string) =>
    void navigate({ to: '/runs/$runId', params: { runId: run.runId }, search: { tab } });
  const running = !isFinished(run) && 'the run is not finished';
  return (
    <Menu
      trigger={
        <Button
          look="ghost"
          small
          icon="more"
          tabIndex={-1}
          aria-label={`Actions of run ${run.runId.slice(0, 8)}`}
        />
      }
      items={[
        { text: 'View config', icon: 'table', onSelect: () => open('config') },
        { text: 'View tags', icon: 'filter', onSelect: () => open('tags') },
        { text: 'Compare', icon: 'fit', onSelect: () => open('compare') },
        launchpadItem(run, navigate),
        'separator',
        {
          text: 'Retry…',
          icon: 'retry',
          disabled: running || (!run.hasReExecutePermission && 'your role may not launch runs here'),
          onSelect: () => onAsk('retry'),
        },
        {
          text: 'Cancel…',
          icon: 'close',
          disabled: !run.canTerminate && 'it cannot be canceled',
          onSelect: () => onAsk('cancel'),
        },
        {
          text: 'Delete…',
          icon: 'minus',
          danger: true,
          disabled: running || (!run.hasDeletePermission && 'your role may not delete runs here'),
          onSelect: () => onAsk('delete'),
        },
      ]}
    />
  );
}
