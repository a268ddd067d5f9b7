import { Link } from '@tanstack/react-router';
import { Button } from '../components/button';
import { Dialog } from '../components/dialog';
import { Icon } from '../components/icon';
import { setPreferences, usePreferences } from '../components/preferences';
import { destinations } from './destinations';
import styles from './more-dialog.module.css';
import { nextTheme, toggleZone } from './top-bar';

/** The phone's other places and settings. */
export default function MoreDialog({
  onClose,
  onSettings,
}: {
  readonly onClose: () => void;
  readonly onSettings: () => void;
}) {
  const { theme, zone } = usePreferences();
  return (
    <Dialog title="More" onClose={onClose}>
      <ul className={styles.list}>
        {destinations
          .filter((place) => !place.bottom)
          .map((place) => (
            <li key={place.text}>
              <Link to={place.to} onClick={onClose}>
                <Icon name={place.icon} />
                {place.text}
              </Link>
            </li>
          ))}
      </ul>
      <div className="row">
        <Button icon="theme" onClick={() => setPreferences({ theme: nextTheme(theme) })}>
          Theme: {theme}
        </Button>
        <Button icon="globe" onClick={() => toggleZone(zone)}>
          Times: {zone === 'UTC' ? 'UTC' : 'local'}
        </Button>
        <Button icon="settings" onClick={onSettings}>
          Settings…
        </Button>
      </div>
    </Dialog>
  );
}
