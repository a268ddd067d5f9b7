import { useState } from 'react';
import { Button } from '../components/button';
import { Dialog } from '../components/dialog';
import { formatTime, zoneLabel } from '../components/format/time';
import { browserZone, setPreferences, usePreferences } from '../components/preferences';
import { Segmented } from '../components/segmented';
import { Switch } from '../components/switch';
import { useZone } from '../components/time';
import { useNow } from '../components/use-now';
import styles from './settings-dialog.module.css';

/** What this browser remembers of its reader: how pages look, how times are written, what keys do. */
export default function SettingsDialog({
  onClose,
  onShortcuts,
}: {
  readonly onClose: () => void;
  readonly onShortcuts: () => void;
}) {
  const { theme, zone: chosen, clock, shortcuts } = usePreferences();
  const zone = useZone();
  const now = useNow();
  const [zones] = useState(() => Intl.supportedValuesOf('timeZone').filter((each) => each !== 'UTC'));
  return (
    <Dialog
      title="Settings"
      onClose={onClose}
      footer={
        <Button autoFocus onClick={onClose}>
          Close
        </Button>
      }
    >
      <p>They are kept in this browser.</p>
      <div className={styles.settings}>
        <div>
          <span className={styles.name}>Theme</span>
          <Segmented
            label="Theme"
            value={theme}
            options={[
              { value: 'system', text: 'System' },
              { value: 'light', text: 'Light' },
              { value: 'dark', text: 'Dark' },
            ]}
            onChange={(value) => setPreferences({ theme: value })}
          />
        </div>
        <label>
          <span className={styles.name}>Time zone</span>
          <select value={chosen} onChange={(event) => setPreferences({ zone: event.target.value })}>
            <option value="local">Of this browser: {zoneLabel(browserZone)}</option>
            <option value="UTC">UTC</option>
            <optgroup label="Others">
              {zones.map((each) => (
                <option key={each} value={each}>
                  {each.replaceAll('_', ' ')}
                </option>
              ))}
            </optgroup>
          </select>
        </label>
        <div>
          <span className={styles.name}>Clock</span>
          <Segmented
            label="Clock"
            value={clock}
            options={[
              { value: '24', text: '24 h' },
              { value: '12', text: '12 h' },
            ]}
            onChange={(value) => setPreferences({ clock: value })}
          />
          <span className="t2 small">now {formatTime(now, { zone, now, seconds: true })}</span>
        </div>
        <div>
          <span className={styles.name}>Shortcuts</span>
          <Switch
            label="Single letters are shortcuts"
            checked={shortcuts}
            onChange={(value) => setPreferences({ shortcuts: value })}
          />
          <span className="t2 small">
            {shortcuts ? 'Letters act' : 'Only Ctrl K, arrows, Enter and Esc act'}
          </span>
          <Button look="ghost" small onClick={onShortcuts}>
            Show them
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
