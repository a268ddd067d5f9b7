import styles from './choices.module.css';
import { formatCount } from './format/number';

/** One of several ways, each with how much it is about; a way to nothing cannot be chosen. */
export function Choices<Value extends string>({
  label,
  name,
  options,
  value,
  onChange,
}: {
  readonly label: string;
  /** Of the inputs: unique within the dialog. */
  readonly name: string;
  readonly options: readonly (readonly [value: Value, text: string, count?: number | undefined])[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}) {
  return (
    <fieldset className={styles.choices}>
      <legend className="hidden-visually">{label}</legend>
      {options.map(([option, text, count]) => (
        <label key={option}>
          <input
            type="radio"
            name={name}
            checked={value === option}
            disabled={count === 0}
            onChange={() => onChange(option)}
          />
          {text}
          {count !== undefined && <span className="t2">{formatCount(count)}</span>}
        </label>
      ))}
    </fieldset>
  );
}
