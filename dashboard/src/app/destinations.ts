import type { LinkProps } from '@tanstack/react-router';
import type { IconName } from '../components/icon-paths';

export interface Destination {
  readonly text: string;
  readonly to: NonNullable<LinkProps['to']>;
  readonly icon: IconName;
  /** `g` and then this key goes there. */
  readonly key: string;
  readonly section?: 'Catalog' | 'Automation' | 'Operate';
  /** Beginning of the addresses that belong to it, too. */
  readonly also?: string;
  /** Also in the phone's bottom bar. */
  readonly bottom?: boolean;
}

/** The places of the navigation, in order. */
export const destinations: readonly Destination[] = [
  { text: 'Overview', to: '/', icon: 'overview', key: 'o', bottom: true },
  { text: 'Runs', to: '/runs', icon: 'runs', key: 'r', bottom: true },
  { text: 'Backfills', to: '/backfills', icon: 'backfills', key: 'b' },
  { text: 'Assets', to: '/assets', icon: 'assets', key: 'a', section: 'Catalog', bottom: true },
  { text: 'Lineage', to: '/lineage', icon: 'lineage', key: 'l', section: 'Catalog' },
  { text: 'Jobs', to: '/jobs', icon: 'jobs', key: 'j', section: 'Catalog' },
  { text: 'Automation', to: '/automation', icon: 'bolt', key: 'u', section: 'Automation' },
  { text: 'Schedules', to: '/schedules', icon: 'schedules', key: 's', section: 'Automation', bottom: true },
  { text: 'Sensors', to: '/sensors', icon: 'sensors', key: 'e', section: 'Automation' },
  {
    text: 'Deployment',
    to: '/deployment',
    icon: 'deployment',
    key: 'd',
    section: 'Operate',
    also: '/locations/',
  },
];
