import { Button } from '../../components/button';
import { CodeBlock } from '../../components/code-block';
import { Menu } from '../../components/menu';
import { useRefusal } from '../../graphql/use-refusal';
import styles from './deployment-page.module.css';
import { errorText } from './error-text';
import { bundleOf, type LocationEntry, loadErrorOf } from './location-entry';
import type { LocationQuestion } from './location-question';
import type { CodeLocationVersions } from './rest-api';
import { earlierVersion, shortVersion } from './use-versions';

export interface LocationPartProps {
  readonly entry: LocationEntry;
  /** Its pushed versions; undefined where code is read from files. */
  readonly versions: CodeLocationVersions | undefined;
  /** Why the reader may not roll back. */
  readonly refusal: string | undefined;
  readonly isReloading: boolean;
  readonly onReload: () => void;
  readonly onAsk: (question: LocationQuestion) => void;
}

/** Reload, and where versions were pushed what differs and the way back. */
export function LocationActions({
  entry,
  versions,
  refusal,
  isReloading,
  onReload,
  onAsk,
}: LocationPartProps) {
  const reloadRefusal = useRefusal('reload_repository_location', entry.name);
  return (
    <span className={styles.actions}>
      {versions && earlierVersion(versions) && (
        <Menu
          caption={`${versions.versions.length} versions`}
          trigger={<Button look="ghost" small icon="more" aria-label={`Versions of ${entry.name}`} />}
          items={[
            {
              text: 'Difference to the version before…',
              onSelect: () => onAsk({ kind: 'difference', name: entry.name }),
            },
            {
              text: 'Roll back…',
              danger: true,
              disabled: refusal ?? false,
              onSelect: () => onAsk({ kind: 'rollback', location: versions }),
            },
          ]}
        />
      )}
      <Button
        look="ghost"
        small
        icon="retry"
        busy={isReloading}
        disabled={reloadRefusal !== undefined}
        aria-label={`Reload ${entry.name}`}
        title={reloadRefusal ?? `Reload ${entry.name}`}
        onClick={onReload}
      />
    </span>
  );
}

/** Why the newest code does not load, and what is served meanwhile; nothing of one that loaded. */
export function LocationLoadError({
  entry,
  isReloading,
  onReload,
}: Pick<LocationPartProps, 'entry' | 'isReloading' | 'onReload'>) {
  const reloadRefusal = useRefusal('reload_repository_location', entry.name);
  const error = loadErrorOf(entry);
  const bundle = bundleOf(entry);
  return (
    error && (
      <div className={styles.error} data-st="warn">
        <b>
          The last build did not load
          {entry.lastGoodLocation && bundle && `; ${shortVersion(bundle)} is still served`}
        </b>
        <CodeBlock label="load error" text={errorText(error)} />
        <Button
          icon="retry"
          busy={isReloading}
          disabled={reloadRefusal !== undefined}
          title={reloadRefusal}
          onClick={onReload}
        >
          Load it again
        </Button>
      </div>
    )
  );
}
