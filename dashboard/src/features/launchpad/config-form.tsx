import { useState } from 'react';
import { parseDocument, stringify } from 'yaml';
import { Button } from '../../components/button';
import { plural } from '../../components/format/number';
import { StatusIcon } from '../../components/status-icon';
import { Switch } from '../../components/switch';
import { TextInput } from '../../components/text-input';
import { valueAt } from './config-document';
import { type ConfigProblem, samePath } from './config-problems';
import { type ConfigField, type ConfigGroup, type ConfigPath, defaultText } from './config-schema';
import styles from './launchpad.module.css';

export interface ConfigFormProps {
  readonly groups: readonly ConfigGroup[];
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** `undefined` takes the value out, so that its default holds. */
  readonly onChange: (path: ConfigPath, value: unknown) => void;
  readonly onSuggestion: (problem: ConfigProblem) => void;
}

/** A form of what the schema names; the text beside it is the same configuration. */
export function ConfigForm({ groups, ...rest }: ConfigFormProps) {
  return (
    <div className={styles.form}>
      {groups.length === 0 && <p className="t2 small">This job takes no configuration.</p>}
      {groups.map((group) => (
        <Group key={group.path.join('.')} group={group} {...rest} />
      ))}
    </div>
  );
}

function Group({ group, ...rest }: Omit<ConfigFormProps, 'groups'> & { readonly group: ConfigGroup }) {
  const own = rest.problems.filter((problem) => isBelow(problem.path, group.path));
  const stray = own.filter((problem) => !group.fields.some((field) => isBelow(problem.path, field.path)));
  return (
    <section className={styles.group} aria-label={group.title}>
      <header>
        <StatusIcon kind={own.length > 0 ? 'failure' : 'success'} size={13} />
        <h3>{group.title}</h3>
        <span className="t3">{group.detail}</span>
        {own.length > 0 && <span className={styles.count}>{plural(own.length, 'error')}</span>}
      </header>
      <div className={styles.groupFields}>
        {group.fields.map((field) => (
          <Field key={field.label} field={field} {...rest} />
        ))}
        {stray.map((problem) => (
          <Problem key={problem.path.join('.')} problem={problem} onSuggestion={rest.onSuggestion} named />
        ))}
      </div>
    </section>
  );
}

function isBelow(path: ConfigPath, above: ConfigPath): boolean {
  return path.length >= above.length && samePath(path.slice(0, above.length), above);
}

function Field({
  field,
  value,
  problems,
  onChange,
  onSuggestion,
}: Omit<ConfigFormProps, 'groups'> & { readonly field: ConfigField }) {
  const current = valueAt(value, field.path);
  const own = problems.filter((problem) => isBelow(problem.path, field.path));
  const wide = field.kind === 'list' || field.kind === 'other';
  const fallback = field.schema.default;
  return (
    <div className={styles.field} data-wide={wide || undefined} data-field={field.path.join('.')}>
      <span className={styles.label}>
        {field.label}
        {field.required && <span className="t3"> required</span>}
      </span>
      {field.kind === 'switch' ? (
        <span className="row">
          <Switch
            label={field.label}
            checked={current === undefined ? fallback === true : current === true}
            onChange={(checked) => onChange(field.path, checked)}
          />
          <span className="t2 small">
            {current === undefined
              ? fallback === undefined
                ? 'not set'
                : `${String(fallback)} · default`
              : String(current)}
          </span>
        </span>
      ) : field.kind === 'choice' ? (
        <ChoiceInput field={field} current={current} invalid={own.length > 0} onChange={onChange} />
      ) : (
        <TypedInput field={field} current={current} invalid={own.length > 0} onChange={onChange} />
      )}
      {own.length > 0
        ? own.map((problem) => (
            <Problem key={problem.path.join('.')} problem={problem} onSuggestion={onSuggestion} />
          ))
        : field.hint && <span className={styles.hint}>{field.hint}</span>}
    </div>
  );
}

function ChoiceInput({
  field,
  current,
  invalid,
  onChange,
}: {
  readonly field: ConfigField;
  readonly current: unknown;
  readonly invalid: boolean;
  readonly onChange: ConfigFormProps['onChange'];
}) {
  const text = current === undefined ? '' : String(current);
  const fallback = field.schema.default;
  return (
    <select
      className={styles.select}
      aria-label={field.label}
      aria-invalid={invalid || undefined}
      value={text}
      onChange={(event) => onChange(field.path, event.target.value || undefined)}
    >
      <option value="">{fallback === undefined ? 'not set' : `${defaultText(fallback)} · default`}</option>
      {text !== '' && !field.options.includes(text) && <option value={text}>{text}</option>}
      {field.options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}

/** Keeps what is typed while it has the focus: `12.` is on its way to `12.5`. */
function TypedInput({
  field,
  current,
  invalid,
  onChange,
}: {
  readonly field: ConfigField;
  readonly current: unknown;
  readonly invalid: boolean;
  readonly onChange: ConfigFormProps['onChange'];
}) {
  const [draft, setDraft] = useState<string>();
  const fallback = field.schema.default;
  return (
    <TextInput
      label={field.label}
      mono
      value={draft ?? toText(field, current)}
      invalid={invalid}
      placeholder={fallback === undefined ? placeholders[field.kind] : defaultText(fallback)}
      inputMode={field.kind === 'number' ? 'decimal' : undefined}
      onBlur={() => setDraft(undefined)}
      onChange={(event) => {
        setDraft(event.target.value);
        onChange(field.path, fromText(field, event.target.value));
      }}
    />
  );
}

const placeholders: Partial<Record<ConfigField['kind'], string>> = { list: 'a, b, c', other: '{}' };

function toText(field: ConfigField, value: unknown): string {
  if (value === undefined) return '';
  if (field.kind === 'list' && Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object') return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return String(value);
}

function fromText(field: ConfigField, text: string): unknown {
  if (text.trim() === '') return undefined;
  if (field.kind === 'text') return text;
  if (field.kind === 'list')
    return text
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean);
  if (field.kind === 'number') return Number.isFinite(Number(text)) ? Number(text) : text;
  const document = parseDocument(text);
  return document.errors.length > 0 ? text : (document.toJS() as unknown);
}

function Problem({
  problem,
  named = false,
  onSuggestion,
}: {
  readonly problem: ConfigProblem;
  readonly named?: boolean;
  readonly onSuggestion: (problem: ConfigProblem) => void;
}) {
  const proposal = problem.rename ?? problem.suggestion;
  return (
    <span className={styles.problem}>
      <StatusIcon kind="failure" size={12} />
      <span>
        {named && problem.path.length > 0 && <b>{problem.path.at(-1)}: </b>}
        {problem.message}.
      </span>
      {proposal !== undefined && (
        <Button look="ghost" small onClick={() => onSuggestion(problem)}>
          Use {defaultText(proposal)}
        </Button>
      )}
    </span>
  );
}
