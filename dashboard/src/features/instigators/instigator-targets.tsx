import { Link } from '@tanstack/react-router';
import { isAdHocJob, keyText, keyToUrl } from '../../components/format/asset-key';
import { formatCount } from '../../components/format/number';
import styles from './instigators.module.css';

/** Assets that are named; the catalog has them all. */
const NAMED = 8;
/** Keys that an address names at most. */
const IN_ADDRESS = 50;

/** Links to the jobs that a schedule or sensor launches. */
export function TargetJobs({
  names,
  location,
}: {
  readonly names: readonly string[];
  readonly location: string;
}) {
  return (
    <span className={styles.targets}>
      {names
        .filter((name) => !isAdHocJob(name))
        .map((name) => (
          <Link key={name} to="/jobs/$location/$name" params={{ location, name }} className="link">
            {name}
          </Link>
        ))}
    </span>
  );
}

/** Links to assets, and to the catalog with the rest. */
export function TargetAssets({ keys }: { readonly keys: readonly { readonly path: readonly string[] }[] }) {
  const names = keys.map(keyText);
  const rest = names.length - NAMED;
  return (
    <span className={styles.targets}>
      {keys.slice(0, rest === 1 ? NAMED + 1 : NAMED).map((key) => (
        <Link key={keyText(key)} to="/assets/$" params={{ _splat: keyToUrl(key) }} className="link">
          {keyText(key)}
        </Link>
      ))}
      {rest > 1 && (
        <Link to="/assets" search={{ q: `key:${names.slice(0, IN_ADDRESS).join(',')}` }} className="link">
          {formatCount(rest)} more
        </Link>
      )}
    </span>
  );
}
