import type { useNavigate } from '@tanstack/react-router';
import { isAdHocJob, keyText, keyToUrl } from '../components/format/asset-key';
import type { IconName } from '../components/icon-paths';
import { setPreferences } from '../components/preferences';
import { expectType } from '../graphql/api-error';
import type { SearchIndexResult } from '../graphql/generated';
import { destinations } from './destinations';
import type { RecentPlace } from './recent-places';
import type { Overlay } from './shell';

/** What can be found and chosen. */
export interface SearchEntry {
  readonly id: string;
  readonly group:
    | 'Recent'
    | 'Assets'
    | 'Jobs'
    | 'Schedules'
    | 'Sensors'
    | 'Resources'
    | 'Groups of assets'
    | 'Code locations'
    | 'Backfills'
    | 'Runs'
    | 'Pages'
    | 'Actions';
  readonly text: string;
  readonly detail?: string;
  readonly icon: IconName;
  readonly runStatus?: string;
  readonly go: (navigate: ReturnType<typeof useNavigate>, open: (overlay: Overlay) => void) => void;
}

/** Pages and settings: there whatever the API answers. */
export const fixedEntries: readonly SearchEntry[] = [
  ...destinations.map(
    (place): SearchEntry => ({
      id: `page:${place.to}`,
      group: 'Pages',
      text: place.text,
      icon: place.icon,
      go: (navigate) => void navigate({ to: place.to }),
    }),
  ),
  ...(['system', 'light', 'dark'] as const).map(
    (theme): SearchEntry => ({
      id: `theme:${theme}`,
      group: 'Actions',
      text: `Use the ${theme} theme`,
      icon: 'theme',
      go: () => setPreferences({ theme }),
    }),
  ),
  {
    id: 'settings',
    group: 'Actions',
    text: 'Settings…',
    detail: 'theme, time zone, clock, shortcuts',
    icon: 'settings',
    go: (_navigate, open) => open('settings'),
  },
  {
    id: 'shortcuts',
    group: 'Actions',
    text: 'Show the shortcuts',
    icon: 'keyboard',
    go: (_navigate, open) => open('shortcuts'),
  },
];

/** Everything that has a name, and what can be done with it. */
export function toEntries(result: SearchIndexResult): SearchEntry[] {
  const { nodes } = expectType(result.repositoriesOrError, 'RepositoryConnection');
  const entries: SearchEntry[] = [];
  for (const repository of nodes) {
    const location = repository.location.name;
    for (const node of repository.assetNodes) {
      entries.push({
        id: `asset:${node.id}`,
        group: 'Assets',
        text: keyText(node.assetKey),
        detail: node.groupName,
        icon: 'assets',
        go: (navigate) => void navigate({ to: '/assets/$', params: { _splat: keyToUrl(node.assetKey) } }),
      });
      if (!node.isMaterializable) continue;
      entries.push({
        id: `materialize:${node.id}`,
        group: 'Actions',
        text: `Materialize ${keyText(node.assetKey)}…`,
        detail: node.groupName,
        icon: 'play',
        go: (navigate) =>
          void navigate({
            to: '/assets/$',
            params: { _splat: keyToUrl(node.assetKey) },
            search: { ask: 'materialize' },
          }),
      });
    }
    for (const job of repository.jobs) {
      if (isAdHocJob(job.name)) continue;
      entries.push({
        id: `job:${job.id}`,
        group: 'Jobs',
        text: job.name,
        detail: location,
        icon: 'jobs',
        go: (navigate) =>
          void navigate({ to: '/jobs/$location/$name', params: { location, name: job.name } }),
      });
      entries.push({
        id: `launch:${job.id}`,
        group: 'Actions',
        text: `Launch ${job.name}…`,
        detail: location,
        icon: 'play',
        go: (navigate) =>
          void navigate({
            to: '/jobs/$location/$name',
            params: { location, name: job.name },
            search: { tab: 'launch' },
          }),
      });
    }
    for (const group of new Set(repository.assetNodes.map(({ groupName }) => groupName))) {
      entries.push({
        id: `group:${location}:${group}`,
        group: 'Groups of assets',
        text: group,
        detail: location,
        icon: 'lineage',
        go: (navigate) => void navigate({ to: '/assets', search: { q: `group:${group}` } }),
      });
    }
    for (const { name } of repository.allTopLevelResourceDetails) {
      entries.push({
        id: `resource:${location}:${name}`,
        group: 'Resources',
        text: name,
        detail: location,
        icon: 'deployment',
        go: (navigate) =>
          void navigate({
            to: '/deployment',
            search: { tab: 'definitions', q: 'kind:resource', open: `resource:${location}:${name}` },
          }),
      });
    }
    entries.push({
      id: `location:${location}`,
      group: 'Code locations',
      text: location,
      icon: 'deployment',
      go: (navigate) => void navigate({ to: '/locations/$name', params: { name: location } }),
    });
    for (const [group, icon, to, list] of [
      ['Schedules', 'schedules', '/schedules', repository.schedules],
      ['Sensors', 'sensors', '/sensors', repository.sensors],
    ] as const) {
      for (const each of list) {
        entries.push({
          id: `${group}:${each.id}`,
          group,
          text: each.name,
          detail: location,
          icon,
          go: (navigate) => void navigate({ to, search: { open: `${location}:${each.name}` } }),
        });
      }
    }
  }
  if (result.partitionBackfillsOrError.__typename === 'PartitionBackfills') {
    for (const { id, title, jobName, assetSelection } of result.partitionBackfillsOrError.results) {
      const [first] = assetSelection ?? [];
      entries.push({
        id: `backfill:${id}`,
        group: 'Backfills',
        text: id,
        detail: title ?? (first ? keyText(first) : (jobName ?? '')),
        icon: 'backfills',
        go: (navigate) =>
          void navigate({ to: '/backfills/$backfillId', params: { backfillId: id }, search: {} }),
      });
    }
  }
  return [...entries, ...toRunEntries(result)];
}

export function toRunEntries({ runsOrError }: Pick<SearchIndexResult, 'runsOrError'>): SearchEntry[] {
  if (runsOrError.__typename !== 'Runs') return [];
  return runsOrError.results.map((run) => ({
    id: `run:${run.runId}`,
    group: 'Runs',
    text: run.runId,
    detail: isAdHocJob(run.jobName) ? 'ad-hoc' : run.jobName,
    icon: 'runs',
    runStatus: run.status,
    go: (navigate) => void navigate({ to: '/runs/$runId', params: { runId: run.runId } }),
  }));
}

export const toRecentEntries = (places: readonly RecentPlace[]): readonly SearchEntry[] =>
  places.map(({ href, text, detail, icon }) => ({
    id: `recent:${href}`,
    group: 'Recent',
    text,
    detail,
    icon,
    go: (navigate) => void navigate({ href }),
  }));

const perGroup = 6;

/** The entries that have every word of a text, the best first, a few of each group. */
export function searchEntries(entries: readonly SearchEntry[], text: string): SearchEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const counts = new Map<string, number>();
  const found: SearchEntry[] = [];
  const scored = entries
    .filter((entry) =>
      words.every((word) => `${entry.text} ${entry.detail ?? ''}`.toLowerCase().includes(word)),
    )
    .map((entry) => ({ entry, score: entry.text.toLowerCase().indexOf(words[0] ?? '') }));
  scored.sort((a, b) => (a.score < 0 ? 999 : a.score) - (b.score < 0 ? 999 : b.score));
  for (const { entry } of scored) {
    const count = counts.get(entry.group) ?? 0;
    if (count >= perGroup) continue;
    counts.set(entry.group, count + 1);
    found.push(entry);
  }
  const groups = [...new Set(found.map((entry) => entry.group))];
  return groups.flatMap((group) => found.filter((entry) => entry.group === group));
}
