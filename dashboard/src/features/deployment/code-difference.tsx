import { useQuery } from '@tanstack/react-query';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { QueryPanel } from '../../components/panel-states';
import type { ApiError } from '../../graphql/api-error';
import { changeText } from './change-text';
import styles from './code-versions.module.css';
import { type CodeDifference, readDifference } from './rest-api';
import { shortVersion } from './use-versions';

const marks = { added: '+', removed: '−', changed: '~' } as const;

/** The definitions that differ between two versions of a location; default: in force against the one before. */
export function Difference({
  location,
  from,
  to,
}: {
  readonly location: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}) {
  const query = useQuery<CodeDifference, ApiError>({
    queryKey: ['rest', 'difference', location, from, to],
    queryFn: ({ signal }) => readDifference(location, { from, to }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <QueryPanel query={query} title="The difference could not be loaded" rows={4}>
      {(difference) => <Changes difference={difference} />}
    </QueryPanel>
  );
}

function Changes({ difference: { from, to, changes } }: { readonly difference: CodeDifference }) {
  return (
    <>
      <p className={styles.lead}>
        <span className="mono">{from ? shortVersion(from) : 'nothing'}</span> →{' '}
        <span className="mono">{shortVersion(to)}</span> · {changeText(changes)}
      </p>
      {changes.length > 0 && (
        <ul className={styles.changes}>
          {changes.map(({ kind, name, change, fields }) => (
            <li key={`${kind} ${name}`} data-change={change}>
              <span className={styles.mark} aria-hidden="true">
                {marks[change]}
              </span>
              <span>
                <span className="hidden-visually">{change} </span>
                <span className="t3">{kind}</span> <span className="strong">{name}</span>
                {fields.map(({ field, text }) => (
                  <span key={field} className={styles.field}>
                    {text}
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function DifferenceDialog({
  location,
  from,
  to,
  onClose,
}: {
  readonly location: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly onClose: () => void;
}) {
  return (
    <Dialog
      wide
      title={`What changed in ${location}`}
      onClose={onClose}
      footer={
        <Button autoFocus onClick={onClose}>
          Close
        </Button>
      }
    >
      <Difference location={location} from={from} to={to} />
    </Dialog>
  );
}
