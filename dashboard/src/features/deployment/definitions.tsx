import { useMemo } from 'react';
import { EmptyState, Note, QueryPanel } from '../../components/panel-states';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { DefinitionBrowser } from './definition-browser';
import { type DefinitionEntries, type DefinitionRow, definitionRows } from './definition-rows';
import { definitionsDocument } from './deployment.graphql';
import { opRows } from './op-rows';
import { opDefinitionsDocument } from './ops.graphql';

/** Everything that the code locations define, or one of them, in one list; the rest is shown when ops cannot be loaded. */
export function Definitions({ location }: { readonly location?: string }) {
  const query = useLiveQuery(
    definitionsDocument,
    {},
    {
      interval: pollInterval.still,
      select: (answer) => expectType(answer.workspaceOrError, 'Workspace').locationEntries,
    },
  );
  const ops = useLiveQuery(
    opDefinitionsDocument,
    {},
    {
      interval: pollInterval.still,
      select: (answer) => opRows(expectType(answer.repositoriesOrError, 'RepositoryConnection').nodes),
    },
  );
  return (
    <QueryPanel query={query} title="Definitions could not be loaded" rows={12}>
      {(entries) => (
        <>
          {ops.error && <Note kind="warn">Ops could not be loaded: {ops.error.message}</Note>}
          <DefinitionsOf entries={entries} ops={ops.data} location={location} />
        </>
      )}
    </QueryPanel>
  );
}

function DefinitionsOf({
  entries,
  ops,
  location,
}: {
  readonly entries: DefinitionEntries;
  readonly ops: readonly DefinitionRow[] | undefined;
  readonly location: string | undefined;
}) {
  const rows = useMemo(() => {
    const all = definitionRows(entries, ops);
    return location === undefined ? all : all.filter((row) => row.location === location);
  }, [entries, ops, location]);
  if (rows.length === 0 && location !== undefined) {
    return (
      <EmptyState icon="deployment" title="Nothing of it is loaded">
        It does not load, or defines nothing yet.
      </EmptyState>
    );
  }
  return rows.length === 0 ? (
    <EmptyState icon="deployment" title="Nothing is defined yet" command="npx headrace init my-project">
      Code locations define assets, checks, jobs, ops, resources, schedules and sensors. Begin with an
      example:
    </EmptyState>
  ) : (
    <DefinitionBrowser rows={rows} withLocation={location === undefined} />
  );
}
