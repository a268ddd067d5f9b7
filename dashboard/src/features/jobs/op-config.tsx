import { Section } from '../../components/section';
import { expectType } from '../../graphql/api-error';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { type ConfigField, configGroups, isObject } from '../launchpad/config-schema';
import styles from './job-overview.module.css';
import { jobConfigSchemaDocument } from './jobs.graphql';
import type { JobSelector } from './use-job-graph';

/** What an op can be told by the run's configuration. */
export function OpConfig({ name, selector }: { readonly name: string; readonly selector: JobSelector }) {
  const { data, error } = useConfigGroups(selector);
  const fields = data?.find(({ path }) => path[0] === 'ops' && path[1] === name)?.fields;
  return (
    <Section title="Configuration" detail={fields?.length} padded>
      {fields ? (
        <ul className={styles.list}>
          {fields.map((field) => (
            <li key={field.label}>
              <span className="mono">{field.label}</span> <span className="t2">{kindOf(field)}</span>
              {field.required && <span className="strong"> required</span>}
              {field.hint && <p className="t2">{field.hint}</p>}
            </li>
          ))}
        </ul>
      ) : (
        <Absence loaded={data !== undefined} error={error} />
      )}
    </Section>
  );
}

/** What a whole run of a job can be told: its ops and resources, with what each takes. */
export function JobConfig({ selector }: { readonly selector: JobSelector }) {
  const { data, error } = useConfigGroups(selector);
  return (
    <Section title="Configuration" padded>
      {data && data.length > 0 ? (
        <ul className={styles.list}>
          {data.map(({ path, title, detail, fields }) => (
            <li key={path.join('.')}>
              {title} <span className="t3">{detail}</span>
              <p className="t2">
                {fields.map((field, index) => (
                  <span key={field.label}>
                    {index > 0 && ', '}
                    <span className="mono">{field.label}</span>
                    {field.required && ' (required)'}
                  </span>
                ))}
              </p>
            </li>
          ))}
        </ul>
      ) : (
        <Absence loaded={data !== undefined} error={error} />
      )}
    </Section>
  );
}

function Absence({ loaded, error }: { readonly loaded: boolean; readonly error: Error | null }) {
  const text = error ? `The schema could not be loaded: ${error.message}` : 'Loading…';
  return <p className="t2 small">{loaded ? 'It takes none.' : text}</p>;
}

function useConfigGroups(selector: JobSelector) {
  return useLiveQuery(
    jobConfigSchemaDocument,
    { selector },
    {
      interval: pollInterval.still,
      select: (answer) => {
        const { jsonSchema } = expectType(answer.runConfigSchemaOrError, 'RunConfigSchema');
        return configGroups(isObject(jsonSchema) ? jsonSchema : {});
      },
    },
  );
}

const kinds: Readonly<Record<ConfigField['kind'], string>> = {
  text: 'text',
  number: 'number',
  switch: 'true or false',
  choice: 'one of',
  list: 'list',
  other: '',
};

function kindOf({ kind, options }: ConfigField): string {
  return kind === 'choice' ? `one of ${options.join(', ')}` : kinds[kind];
}
