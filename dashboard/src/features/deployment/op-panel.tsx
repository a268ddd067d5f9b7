import { Link } from '@tanstack/react-router';
import { plural } from '../../components/format/number';
import { QueryPanel } from '../../components/panel-states';
import { Facts, Section } from '../../components/section';
import { SidePanel } from '../../components/side-panel';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { configTypeText, type OpConfigField, type OpDetails } from './config-type-text';
import type { DefinitionRow } from './definition-rows';
import styles from './deployment-page.module.css';
import type { OpDefinition } from './op-rows';
import { opDetailsDocument } from './ops.graphql';

/** Every repository's name: a code location has one. */
const repositoryName = '__repository__';

/** An op: which jobs have it, what it needs, and what it can be told. */
export function OpPanel({
  row,
  op,
  onClose,
}: {
  readonly row: DefinitionRow;
  readonly op: OpDefinition;
  readonly onClose: () => void;
}) {
  const query = useLiveQuery(
    opDetailsDocument,
    { selector: { repositoryName, repositoryLocationName: row.location }, name: op.name },
    {
      interval: pollInterval.still,
      keepPrevious: false,
      select: (answer) => expectType(answer.repositoryOrError, 'Repository').usedSolid?.definition ?? null,
    },
  );
  return (
    <SidePanel title={<h2 className={styles.name}>{op.name}</h2>} onClose={onClose}>
      {row.description && <p className={styles.lead}>{row.description}</p>}
      <QueryPanel query={query} title="This op could not be loaded" rows={4}>
        {(details) => (
          <>
            <Section title="Op" padded>
              <Facts
                rows={[
                  ['Location', row.location],
                  ['Resources', resourcesOf(details).join(', ') || 'none'],
                  ['Pool', op.pools.length === 0 ? 'none' : <Pools key="pools" names={op.pools} />],
                  ['Inputs', details?.inputDefinitions.map(({ name }) => name).join(', ') || 'none'],
                  ['Outputs', details?.outputDefinitions.map(outputText).join(', ') || 'none'],
                ]}
              />
            </Section>
            <Config fields={configOf(details)} />
          </>
        )}
      </QueryPanel>
      <Section title="Used by" detail={plural(op.uses.length, 'place')} padded>
        <ul className={styles.uses}>
          {op.uses.map(({ jobName, handle }) => (
            <li key={`${jobName} ${handle}`}>
              <Link
                to="/jobs/$location/$name"
                params={{ location: row.location, name: jobName }}
                search={{ op: handle }}
                className="link"
              >
                {jobName}
              </Link>{' '}
              {handle !== op.name && <span className="t2">as {handle}</span>}
            </li>
          ))}
          {op.uses.length === 0 && <li className="t2">No job has it.</li>}
        </ul>
      </Section>
    </SidePanel>
  );
}

const outputText = ({ name, isDynamic }: { readonly name: string; readonly isDynamic: boolean | null }) =>
  isDynamic ? `${name}, one per key` : name;

function resourcesOf(details: OpDetails | null): readonly string[] {
  return details?.__typename === 'SolidDefinition'
    ? details.requiredResources.map(({ resourceKey }) => resourceKey)
    : [];
}

function configOf(details: OpDetails | null): readonly OpConfigField[] {
  const type = details?.__typename === 'SolidDefinition' ? details.configField?.configType : undefined;
  return type?.__typename === 'CompositeConfigType' ? type.fields : [];
}

function Pools({ names }: { readonly names: readonly string[] }) {
  return names.map((name) => (
    <Link key={name} to="/deployment" search={{ tab: 'concurrency' }} className="link">
      {name}
    </Link>
  ));
}

function Config({ fields }: { readonly fields: readonly OpConfigField[] }) {
  return (
    <Section title="Configuration" detail={fields.length} padded>
      {fields.length === 0 ? (
        <p className="t2 small">It takes none.</p>
      ) : (
        <ul className={styles.uses}>
          {fields.map((field) => (
            <li key={field.name}>
              <span className="mono">{field.name}</span> <span className="t2">{configTypeText(field)}</span>
              {field.isRequired && <span className="strong"> required</span>}
              {field.defaultValueAsJson !== null && (
                <span className="t2">
                  , <span className="mono">{field.defaultValueAsJson}</span> if not given
                </span>
              )}
              {field.description && <p className="t2">{field.description}</p>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
