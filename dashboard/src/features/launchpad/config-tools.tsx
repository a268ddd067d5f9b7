import { Button } from '../../components/button';
import { plural } from '../../components/format/number';
import { missingValues, openDefaults, removeKeys, setValues, unknownKeys } from './config-repairs';
import type { JsonSchema } from './config-schema';

/** What can be done to a whole configuration; the editor's history and a message take each back. */
export function ConfigTools({
  text,
  value,
  schema,
  original,
  onRewrite,
}: {
  readonly text: string;
  /** Undefined: the text cannot be read. */
  readonly value: unknown;
  readonly schema: JsonSchema;
  /** The job's own configuration. */
  readonly original: string;
  readonly onRewrite: (text: string, what: string) => void;
}) {
  const missing = missingValues(schema, value);
  const unknown = unknownKeys(schema, value);
  const defaults = openDefaults(schema, value);
  const tools = [
    {
      name: 'Add missing',
      none: 'Nothing that is required is missing',
      count: missing.length,
      title: `Adds ${plural(missing.length, 'required value')}`,
      run: () => onRewrite(setValues(text, missing), `Added ${plural(missing.length, 'required value')}`),
    },
    {
      name: 'Remove unknown',
      none: 'The schema knows every key',
      count: unknown.length,
      title: `Removes ${plural(unknown.length, 'key')} that the schema does not know`,
      run: () => onRewrite(removeKeys(text, unknown), `Removed ${plural(unknown.length, 'unknown key')}`),
    },
    {
      name: 'Fill defaults',
      none: 'Every default is written out',
      count: defaults.length,
      title: `Writes out ${plural(defaults.length, 'default')}`,
      run: () => onRewrite(setValues(text, defaults), `Wrote out ${plural(defaults.length, 'default')}`),
    },
  ];
  return (
    <>
      {tools.map(({ name, none, count, title, run }) => (
        <Button
          key={name}
          look="ghost"
          small
          disabled={value === undefined || count === 0}
          title={value === undefined ? 'The YAML cannot be read' : count === 0 ? none : title}
          onClick={run}
        >
          {name}
        </Button>
      ))}
      <Button
        look="ghost"
        small
        disabled={text === original}
        title={
          text === original ? 'This is the job’s own configuration' : 'Back to the job’s own configuration'
        }
        onClick={() => onRewrite(original, 'Took the job’s own configuration')}
      >
        Reset
      </Button>
    </>
  );
}
