import { Button } from '../components/button';
import { Dialog } from '../components/dialog';
import { Note } from '../components/panel-states';
import { setPreferences, usePreferences } from '../components/preferences';
import { Kbd } from '../components/tag';
import { destinations } from './destinations';
import styles from './shortcuts-dialog.module.css';

const groups: readonly (readonly [string, readonly (readonly [readonly string[], string])[]])[] = [
  [
    'Everywhere',
    [
      [['Ctrl K'], 'Search and act'],
      [['/'], 'Filter'],
      [['?'], 'This help'],
      [['['], 'Fold the navigation'],
      [['t'], 'Theme'],
      [['z'], 'Time zone'],
      [['Esc'], 'Close, clear'],
    ],
  ],
  [
    'Lists',
    [
      [['j'], 'Next row'],
      [['k'], 'Previous row'],
      [['Enter'], 'Open'],
      [['x'], 'Select'],
    ],
  ],
  [
    'A run',
    [
      [['n'], 'Next match'],
      [['p'], 'Previous match'],
      [['f'], 'Follow the end of the log'],
      [['r'], 'Re-execute (asks first)'],
    ],
  ],
  ['Go to', destinations.map((place) => [['g', place.key], place.text] as const)],
];

export default function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const { shortcuts } = usePreferences();
  return (
    <Dialog
      title="Shortcuts"
      wide
      onClose={onClose}
      footer={
        <Button autoFocus onClick={onClose}>
          Close
        </Button>
      }
    >
      {!shortcuts && (
        <Note kind="warn">
          Shortcuts of one letter are off.{' '}
          <Button small onClick={() => setPreferences({ shortcuts: true })}>
            Turn them on
          </Button>
        </Note>
      )}
      <div className={styles.groups}>
        {groups.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([combination, text]) => (
                <div key={text}>
                  <dt>
                    {combination.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
