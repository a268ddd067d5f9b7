import styles from './sensor-panel.module.css';

/** A cursor to be written: any text, several lines of JSON too. */
export function CursorField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (cursor: string) => void;
}) {
  return (
    <label className={styles.field}>
      <span className={styles.label}>Cursor</span>
      <textarea
        className={styles.cursor}
        // biome-ignore lint/a11y/noAutofocus: the dialogs that hold it are for nothing else
        autoFocus
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
