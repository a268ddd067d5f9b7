import { useId, useState } from 'react';
import { Button } from '../../components/button';
import { TextInput } from '../../components/text-input';

/** Keys that are offered at once; any other may be typed. */
const offered = 60;

/** Narrows a list to one partition: typed or chosen, by Enter or by leaving the field. */
export function PartitionFilter({
  keys,
  value,
  onChange,
}: {
  readonly keys: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (partition: string | undefined) => void;
}) {
  const id = useId();
  const [typed, setTyped] = useState(value ?? '');
  const commit = (text: string) => {
    const wanted = text.trim() || undefined;
    if (wanted !== value) onChange(wanted);
  };
  return (
    <>
      <TextInput
        label="Partition"
        mono
        placeholder="All partitions"
        list={id}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          if (keys.includes(event.target.value)) commit(event.target.value);
        }}
        onBlur={() => commit(typed)}
        onKeyDown={(event) => event.key === 'Enter' && commit(typed)}
      />
      <datalist id={id}>
        {keys
          .slice(-offered)
          .reverse()
          .map((key) => (
            <option key={key} value={key} />
          ))}
      </datalist>
      {value !== undefined && (
        <Button
          look="ghost"
          small
          icon="close"
          aria-label={`All partitions instead of ${value}`}
          onClick={() => {
            setTyped('');
            onChange(undefined);
          }}
        />
      )}
    </>
  );
}
