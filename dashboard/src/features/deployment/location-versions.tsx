import { Button } from '../../components/button';
import { CopyId } from '../../components/copy-text';
import { Time } from '../../components/time';
import styles from './code-versions.module.css';
import type { CodeLocationVersions } from './rest-api';

/** What was pushed of a location, newest first, with the ways back. */
export function LocationVersions({
  location,
  refusal,
  onDifference,
  onRollback,
}: {
  readonly location: CodeLocationVersions | undefined;
  /** Why the reader may not roll back. */
  readonly refusal: string | undefined;
  readonly onDifference: (from: string | undefined, to: string) => void;
  readonly onRollback: (to: string) => void;
}) {
  const versions = location?.versions ?? [];
  if (versions.length === 0) {
    return (
      <div className={styles.versions}>
        <p className={styles.note}>
          <span className="t2">
            No versions: this code is read from files. A deployment keeps each push, and can roll back to it:{' '}
          </span>
          <code>npx headrace push</code>
        </p>
      </div>
    );
  }
  return (
    <div className={styles.versions}>
      <ol aria-label={`Versions of ${location?.name}`}>
        {versions.map(({ bundleHash, pushedAt, by }, index) => {
          const isInForce = bundleHash === location?.bundleHash;
          const before = versions.slice(index + 1).find((each) => each.bundleHash !== bundleHash);
          return (
            // A version that came back stands there twice, at different times.
            <li key={`${bundleHash} ${pushedAt}`}>
              <CopyId id={bundleHash} />
              <Time at={pushedAt} />
              <span className="t2">{by ?? 'unknown'}</span>
              {isInForce && <span className="strong">in force</span>}
              <span>
                <Button
                  look="ghost"
                  small
                  aria-label={`Difference of ${bundleHash.slice(0, 8)} to the version before`}
                  onClick={() => onDifference(before?.bundleHash, bundleHash)}
                >
                  Difference
                </Button>
                {!isInForce && (
                  <Button
                    look="ghost"
                    small
                    disabled={refusal !== undefined}
                    title={refusal}
                    aria-label={`Roll back to ${bundleHash.slice(0, 8)}`}
                    onClick={() => onRollback(bundleHash)}
                  >
                    Roll back…
                  </Button>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
