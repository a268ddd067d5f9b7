import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { CopyId } from '../../components/copy-text';
import { plural } from '../../components/format/number';
import { stackText } from '../../components/format/stack-text';
import { Menu } from '../../components/menu';
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
import { DifferenceDialog } from './code-difference';
import { reloadLocationDocument, workspaceDocument } from './deployment.graphql';
import styles from './deployment-page.module.css';
import { LocationVersions } from './location-versions';
import type { CodeLocationVersions } from './rest-api';
import { RollbackDialog } from './rollback-dialog';
import { useAdminRefusal } from './use-deployment-role';
import { earlierVersion, shortVersion, useVersions } from './use-versions';

export type Entry = Extract<
  WorkspaceResult['workspaceOrError'],
  { readonly __typename: 'Workspace' }
>['locationEntries'][number];

function locationStatus(entry: Pick<Entry, 'loadStatus' | 'locationOrLoadError'>): Status {
  if (entry.loadStatus === 'LOADING') return { kind: 'starting', word: 'Loading' };
  if (entry.locationOrLoadError?.__typename === 'PythonError') return { kind: 'warn', word: 'Load error' };
  return { kind: 'success', word: 'Loaded' };
}

function useReload() {
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

/** What a question is about: the difference of two versions, or a way back to one. */
type Asked =
  | { readonly kind: 'difference'; readonly name: string; readonly from?: string; readonly to?: string }
  | { readonly kind: 'rollback'; readonly location: CodeLocationVersions; readonly to?: string };

/** @param detailed shows every version that was pushed, too */
export function Locations({
  entries,
  detailed = false,
}: {
  readonly entries: readonly Entry[];
  readonly detailed?: boolean;
}) {
  const reload = useReload();
  const pushed = useVersions().data ?? [];
  const refusal = useAdminRefusal();
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
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
          { header: 'Version and bundle', width: '150px' },
          { header: 'Updated', width: '110px' },
          { header: 'Definitions' },
          { header: 'Actions', right: true },
        ]}
        rows={entries.map((entry) => {
          const error =
            entry.locationOrLoadError?.__typename === 'PythonError' ? entry.locationOrLoadError : null;
          const versions = pushed.find(({ name }) => name === entry.name);
          const bundle = entry.displayMetadata.find(({ key }) => key === 'bundle')?.value ?? entry.versionKey;
          const earlier = earlierVersion(versions);
          const busy = reload.isPending && reload.variables === entry.name;
          return {
            id: entry.id,
            cells: [
              <span key="name" className="strong">
                {entry.name}
              </span>,
              <StatusText key="status" status={locationStatus(entry)} />,
              bundle ? <CopyId key="version" id={bundle} /> : '—',
              <Time key="at" at={entry.updatedTimestamp * 1_000} />,
              <span key="definitions" className="t2">
                {entry.lastGoodLocation
                  ? `${error ? 'serving ' : ''}${definitionsText(entry.lastGoodLocation)}`
                  : 'not loaded'}
              </span>,
              <span key="actions" className={styles.actions}>
                {versions && earlier && (
                  <Menu
                    caption={`${versions.versions.length} versions`}
                    trigger={
                      <Button look="ghost" small icon="more" aria-label={`Versions of ${entry.name}`} />
                    }
                    items={[
                      {
                        text: 'Difference to the version before…',
                        onSelect: () => setAsked({ kind: 'difference', name: entry.name }),
                      },
                      {
                        text: 'Roll back…',
                        danger: true,
                        disabled: refusal ?? false,
                        onSelect: () => setAsked({ kind: 'rollback', location: versions }),
                      },
                    ]}
                  />
                )}
                <Button
                  look="ghost"
                  small
                  icon="retry"
                  busy={busy}
                  aria-label={`Reload ${entry.name}`}
                  onClick={() => reload.mutate(entry.name)}
                />
              </span>,
            ],
            below: (error || detailed) && (
              <>
                {error && (
                  <div className={styles.error} data-st="warn">
                    <b>
                      The last build did not load
                      {entry.lastGoodLocation && bundle && `; ${shortVersion(bundle)} is still served`}
                    </b>
                    <CodeBlock label="load error" text={loadErrorText(error)} />
                    <Button icon="retry" busy={busy} onClick={() => reload.mutate(entry.name)}>
                      Load it again
                    </Button>
                  </div>
                )}
                {detailed && (
                  <LocationVersions
                    location={versions}
                    refusal={refusal}
                    onDifference={(from, to) =>
                      setAsked({ kind: 'difference', name: entry.name, ...(from ? { from } : {}), to })
                    }
                    onRollback={(to) => versions && setAsked({ kind: 'rollback', location: versions, to })}
                  />
                )}
              </>
            ),
          };
        })}
      />
      {asked?.kind === 'difference' && (
        <DifferenceDialog location={asked.name} from={asked.from} to={asked.to} onClose={close} />
      )}
      {asked?.kind === 'rollback' && (
        <RollbackDialog location={asked.location} initial={asked.to} onClose={close} />
      )}
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

function definitionsText({ repositories }: NonNullable<Entry['lastGoodLocation']>): string {
  const sum = (pick: (repository: (typeof repositories)[number]) => readonly unknown[]) =>
    repositories.reduce((total, repository) => total + pick(repository).length, 0);
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
