import { useState } from 'react';
import { Button } from '../../components/button';
import { formatCount } from '../../components/format/number';
import { Menu, type MenuItem } from '../../components/menu';
import { showToast } from '../../components/toast';
import type { BackfillDetail } from './backfill-page';
import { countTargets, notMade } from './backfill-progress';
import { isLive } from './backfill-words';
import { type BackfillQuestion, ChangeDialog } from './change-dialog';
import { useChangeBackfill } from './use-change-backfill';

/** What can be done with a backfill; everything but a pause asks first. */
export function BackfillActions({ backfill }: { readonly backfill: BackfillDetail }) {
  const [question, setQuestion] = useState<BackfillQuestion>();
  const change = useChangeBackfill(backfill.id);
  const live = isLive(backfill);
  const missed = notMade(countTargets(backfill.targetCounts));
  const mayCancel = backfill.hasCancelPermission ? undefined : 'Your role may not change backfills here';
  const mayResume = backfill.hasResumePermission ? undefined : 'Your role may not change backfills here';
  const turn = (kind: 'pause' | 'resume') =>
    change.mutate(
      { kind },
      {
        onSuccess: () =>
          showToast({
            kind: kind === 'pause' ? 'waiting' : 'running',
            title: kind === 'pause' ? `Paused backfill ${backfill.id}` : `Backfill ${backfill.id} goes on`,
          }),
        onError: (error) =>
          showToast({
            kind: 'failure',
            title: `Backfill ${backfill.id} is as it was`,
            detail: error.message,
          }),
      },
    );
  const more: readonly MenuItem[] = [
    ...(live
      ? [
          {
            text: 'Priority…',
            icon: 'chevronUp' as const,
            disabled: mayResume ?? (false as const),
            onSelect: () => setQuestion('priority'),
          },
        ]
      : []),
    ...(!live && backfill.status !== 'COMPLETED_SUCCESS' && backfill.status !== 'COMPLETED_FAILED'
      ? [
          {
            text: 'Go on…',
            icon: 'play' as const,
            detail: 'without what failed',
            disabled: mayResume ?? (false as const),
            onSelect: () => setQuestion('resume'),
          },
        ]
      : []),
    {
      text: 'Launch all of it again…',
      icon: 'retry',
      disabled: live ? 'when it has ended' : (mayResume ?? false),
      onSelect: () => setQuestion('again'),
    },
  ];
  return (
    <>
      {backfill.isCancelable && (
        <Button
          {...(backfill.isPaused ? { icon: 'play' as const } : {})}
          busy={change.isPending}
          disabled={mayResume !== undefined}
          title={mayResume}
          onClick={() => turn(backfill.isPaused ? 'resume' : 'pause')}
        >
          {backfill.isPaused ? 'Resume' : 'Pause'}
        </Button>
      )}
      {backfill.isCancelable && (
        <Button
          look="danger"
          disabled={mayCancel !== undefined}
          title={mayCancel}
          onClick={() => setQuestion('cancel')}
        >
          Cancel…
        </Button>
      )}
      {!live && missed > 0 && (
        <Button
          look="primary"
          icon="retry"
          disabled={mayResume !== undefined}
          title={mayResume}
          onClick={() => setQuestion('retry')}
        >
          Retry {formatCount(missed)} not made…
        </Button>
      )}
      <Menu trigger={<Button look="ghost" icon="more" aria-label="More actions" />} items={more} />
      {question && (
        <ChangeDialog question={question} backfill={backfill} onClose={() => setQuestion(undefined)} />
      )}
    </>
  );
}
