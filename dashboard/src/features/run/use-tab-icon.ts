import { useEffect } from 'react';
import { finishedRunStatuses } from '../../components/status';
import type { RunStatus } from '../../graphql/generated';
import failed from './tab-failed.svg';
import running from './tab-running.svg';

/** Lets the browser's tab tell how a run stands: in progress, failed, or plain. */
export function useTabIcon(status: RunStatus): void {
  const icon = status === 'FAILURE' ? failed : finishedRunStatuses.has(status) ? undefined : running;
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    if (icon === undefined || link === null) return;
    const plain = link.href;
    link.href = icon;
    return () => {
      link.href = plain;
    };
  }, [icon]);
}
