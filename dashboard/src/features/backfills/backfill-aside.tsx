import { Link } from '@tanstack/react-router';
import { keyText, keyToUrl } from '../../components/format/asset-key';
import { ownTags, tagValue } from '../../components/run-tags';
import { Facts, Section } from '../../components/section';
import { Tag } from '../../components/tag';
import { Time } from '../../components/time';
import { BackfillTrigger } from './backfill-columns';
import type { BackfillDetail } from './backfill-page';
import styles from './backfill-page.module.css';
import { backfillTag } from './backfill-tags';

/** Assets named one by one; the table names all of them. */
const namedAssets = 8;

/** What a backfill is for, and who asked for it. */
export function BackfillAside({ backfill }: { readonly backfill: BackfillDetail }) {
  const { jobName, assetSelection, tags, locationNames } = backfill;
  const parent = tagValue(tags, backfillTag.parent);
  const [location = ''] = locationNames;
  const own = ownTags(tags);
  return (
    <aside className={styles.aside} aria-label="About this backfill">
      <Section title="About" padded>
        <Facts
          rows={[
            jobName !== null && [
              'Job',
              <Link
                key="job"
                to="/jobs/$location/$name"
                params={{ location, name: jobName }}
                search={{}}
                className="link"
              >
                {jobName}
              </Link>,
            ],
            ['Launched by', <BackfillTrigger key="by" row={backfill} />],
            ['Launched', <Time key="at" at={backfill.creationTime * 1_000} seconds focusable />],
            backfill.endTime !== null && [
              'Ended',
              <Time key="end" at={backfill.endTime * 1_000} seconds focusable />,
            ],
            ['Priority', tagValue(tags, backfillTag.priority) ?? '0'],
            [locationNames.length === 1 ? 'Location' : 'Locations', locationNames.join(', ')],
            backfill.fromFailure && ['Goes on', 'from each partition’s last failure'],
            parent !== undefined && [
              'Again',
              <Link
                key="parent"
                to="/backfills/$backfillId"
                params={{ backfillId: parent }}
                search={{}}
                className="link mono"
              >
                {parent}
              </Link>,
            ],
            backfill.description !== null && ['Description', backfill.description],
          ]}
        />
      </Section>
      {assetSelection !== null && (
        <Section title="Assets" detail={assetSelection.length} padded>
          <ul>
            {assetSelection.slice(0, namedAssets).map((key) => (
              <li key={keyText(key)} className="small">
                <Link to="/assets/$" params={{ _splat: keyToUrl(key) }} search={{}} className="link">
                  {keyText(key)}
                </Link>
              </li>
            ))}
          </ul>
          {assetSelection.length > namedAssets && (
            <p className="t3 small">and {assetSelection.length - namedAssets} more</p>
          )}
        </Section>
      )}
      {own.length > 0 && (
        <Section title="Tags of its runs" padded>
          <div className={styles.tags}>
            {own.map((tag) => (
              <Tag key={tag.key} k={tag.key} value={tag.value} />
            ))}
          </div>
        </Section>
      )}
    </aside>
  );
}
