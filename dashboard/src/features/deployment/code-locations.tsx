import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/button';
import { CopyId } from '../../components/copy-text';
import { EmptyState } from '../../components/panel-states';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import { useRefusal } from '../../graphql/use-refusal';
import { bundleOf, definitionsText, type LocationEntry, loadErrorOf, locationStatus } from './location-entry';
import { LocationActions, LocationLoadError, type LocationPartProps } from './location-parts';
import { type LocationQuestion, LocationQuestionDialog } from './location-question';
import { LocationVersions } from './location-versions';
import { useAdminRefusal } from './use-deployment-role';
import { useReload, useReloadAll } from './use-reload';
import { shortVersion, useVersions } from './use-versions';

/** @param detailed shows every version that was pushed, too */
export function Locations({
  entries,
  detailed = false,
}: {
  readonly entries: readonly LocationEntry[];
  readonly detailed?: boolean;
}) {
  const reload = useReload();
  const reloadAll = useReloadAll();
  const pushed = useVersions().data ?? [];
  const refusal = useAdminRefusal();
  const reloadRefusal = useRefusal('reload_workspace');
  const [asked, setAsked] = useState<LocationQuestion>();
  const broken = entries.filter(loadErrorOf).length;
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
      actions={
        <Button
          icon="retry"
          busy={reloadAll.isPending}
          disabled={reloadRefusal !== undefined}
          title={reloadRefusal}
          onClick={() => reloadAll.mutate()}
        >
          Reload all
        </Button>
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
        rows={entries.map((entry) =>
          toRow(
            {
              entry,
              versions: pushed.find(({ name }) => name === entry.name),
              refusal,
              isReloading: reloadAll.isPending || (reload.isPending && reload.variables === entry.name),
              onReload: () => reload.mutate(entry.name),
              onAsk: setAsked,
            },
            detailed,
          ),
        )}
      />
      {asked && <LocationQuestionDialog asked={asked} onClose={() => setAsked(undefined)} />}
    </Section>
  );
}

function toRow(props: LocationPartProps, detailed: boolean) {
  const { entry, versions, refusal, onAsk } = props;
  const status = locationStatus(entry);
  const bundle = bundleOf(entry);
  const name = (
    <Link key="name" to="/locations/$name" params={{ name: entry.name }} className="strong">
      {entry.name}
    </Link>
  );
  return {
    id: entry.id,
    cells: [
      name,
      <StatusText key="status" status={status} />,
      bundle ? <CopyId key="version" id={bundle} /> : '—',
      <Time key="at" at={entry.updatedTimestamp * 1_000} />,
      <span key="definitions" className="t2">
        {definitionsText(entry)}
      </span>,
      <LocationActions key="actions" {...props} />,
    ],
    narrow: (
      <>
        <StatusIcon kind={status.kind} label={status.word} />
        <span className="grow">
          <TwoLines
            first={name}
            second={
              <>
                {bundle && <span className="mono">{shortVersion(bundle)} · </span>}
                <Time at={entry.updatedTimestamp * 1_000} /> · {definitionsText(entry)}
              </>
            }
          />
        </span>
        <LocationActions {...props} />
      </>
    ),
    below: (loadErrorOf(entry) || detailed) && (
      <>
        <LocationLoadError {...props} />
        {detailed && (
          <LocationVersions
            location={versions}
            refusal={refusal}
            onDifference={(from, to) =>
              onAsk({ kind: 'difference', name: entry.name, ...(from ? { from } : {}), to })
            }
            onRollback={(to) => versions && onAsk({ kind: 'rollback', location: versions, to })}
          />
        )}
      </>
    ),
  };
}
