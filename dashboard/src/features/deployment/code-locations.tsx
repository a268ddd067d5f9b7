import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { CopyId } from '../../components/copy-text';
import { plural } from '../../components/format/number';
import { stackText } from '../../components/format/stack-text';
import { EmptyState } from '../../components/panel-states';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import type { Status } from '../../components/status';
import { StatusText } from '../../components/status-text';
import { Time } from '../../components/time';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import type { WorkspaceResult } from '../../graphql/generated';
import { request } from '../../graphql/request';
import { queryKey } from '../../graphql/use-live-query';
import { reloadLocationDocument, workspaceDocument } from './deployment.graphql';
import styles from './deployment-page.module.css';

export type Entry = Extract<
  WorkspaceResult['workspaceOrError'],
  { readonly __typename: 'Workspace' }
>['locationEntries'][number];

export function locationStatus(entry: Pick<Entry, 'loadStatus' | 'locationOrLoadError'>): Status {
  if (entry.loadStatus === 'LOADING') return { kind: 'starting', word: 'Loading' };
  if (entry.locationOrLoadError?.__typename === 'PythonError') return { kind: 'warn', word: 'Load error' };
  return { kind: 'success', word: 'Loaded' };
}

export function useReload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => {
      const answer = await request(reloadLocationDocument, { name });
      const entry = expectType(answer.reloadRepositoryLocation, 'WorkspaceLocationEntry');
      if (entry.locationOrLoadError?.__typename === 'PythonError')
        throw new Error(entry.locationOrLoadError.message);
    },
    onSuccess: (_, name) => showToast({ kind: 'success', title: `Reloaded ${name}` }),
    onError: (error, name) =>
      showToast({ kind: 'failure', title: `${name} did not load`, detail: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKey(workspaceDocument, {}) }),
  });
}

export function Locations({ entries }: { readonly entries: readonly Entry[] }) {
  const reload = useReload();
  const broken = entries.filter((entry) => entry.locationOrLoadError?.__typename === 'PythonError').length;
  if (entries.length === 0) {
    return (
      <EmptyState icon="deployment" title="No code locations yet" command="npx headrace init my-project">
        A code location holds assets, jobs, schedules and sensors. Name one in `workspace.yaml`, or begin with
        an example:
      </EmptyState>
    );
  }
  return (
    <Section
      title="Code locations"
      detail={
        broken > 0
          ? `${broken} of ${entries.length} with a load error; the others are not affected`
          : entries.length
      }
    >
      <SimpleTable
        label="Code locations"
        columns={[
          { header: 'Location', width: '200px' },
          { header: 'Status', width: '130px' },
          { header: 'Version', width: '130px' },
          { header: 'Updated', width: '110px' },
          { header: 'Definitions' },
          { header: 'Actions', right: true },
        ]}
        rows={entries.map((entry) => {
          const location = entry.locationOrLoadError;
          return {
            id: entry.id,
            cells: [
              <span key="name" className="strong">
                {entry.name}
              </span>,
              <StatusText key="status" status={locationStatus(entry)} />,
              entry.versionKey ? <CopyId key="version" id={entry.versionKey} /> : '—',
              <Time key="at" at={entry.updatedTimestamp * 1_000} />,
              <span key="definitions" className="t2">
                {location?.__typename === 'RepositoryLocation' ? definitionsText(location) : 'not loaded'}
              </span>,
              <Button
                key="reload"
                look="ghost"
                small
                icon="retry"
                busy={reload.isPending && reload.variables === entry.name}
                aria-label={`Reload ${entry.name}`}
                onClick={() => reload.mutate(entry.name)}
              />,
            ],
            below:
              location?.__typename === 'PythonError' ? (
                <div className={styles.error} data-st="warn">
                  <b>The last build did not load</b>
                  <CodeBlock label="load error" text={loadErrorText(location)} />
                  <Button
                    icon="retry"
                    busy={reload.isPending && reload.variables === entry.name}
                    onClick={() => reload.mutate(entry.name)}
                  >
                    Load it again
                  </Button>
                </div>
              ) : undefined,
          };
        })}
      />
    </Section>
  );
}

/** The error with its name, which some messages already begin with. */
function loadErrorText(error: {
  readonly className: string | null;
  readonly message: string;
  readonly stack: readonly string[];
}): string {
  const text = stackText(error);
  return error.className && !text.startsWith(error.className) ? `${error.className}: ${text}` : text;
}

export function definitionsText(
  location: Extract<NonNullable<Entry['locationOrLoadError']>, { readonly __typename: 'RepositoryLocation' }>,
): string {
  const sum = (pick: (repository: (typeof location.repositories)[number]) => readonly unknown[]) =>
    location.repositories.reduce((total, repository) => total + pick(repository).length, 0);
  return [
    plural(
      sum((each) => each.assetNodes),
      'asset',
    ),
    plural(
      sum((each) => each.jobs),
      'job',
    ),
    plural(
      sum((each) => each.schedules),
      'schedule',
    ),
    plural(
      sum((each) => each.sensors),
      'sensor',
    ),
  ].join(' · ');
}
