import { Link } from '@tanstack/react-router';
import { keyText, keyToUrl } from '../../components/format/asset-key';
import { plural } from '../../components/format/number';
import { Facts, Section } from '../../components/section';
import { SidePanel } from '../../components/side-panel';
import { Tag } from '../../components/tag';
import { type DefinitionRow, jobsUsing, type ResourceDetails } from './definition-rows';

/** Users of a resource that the panel names. */
const named = 40;

/** A resource: what it is set to, as far as that is no secret, and what uses it. */
export function ResourcePanel({
  row,
  resource,
  onClose,
}: {
  readonly row: DefinitionRow;
  readonly resource: ResourceDetails;
  readonly onClose: () => void;
}) {
  const assets = resource.assetKeysUsing;
  const jobs = jobsUsing(resource);
  return (
    <SidePanel title={<h2>{resource.name}</h2>} onClose={onClose}>
      <Section title="Resource" padded>
        <Facts
          rows={[
            ['Code location', row.location],
            ['Type', resource.resourceType],
            resource.description !== null && ['Description', resource.description],
          ]}
        />
      </Section>
      <Section title="Settings" detail={resource.configuredValues.length} padded>
        {resource.configuredValues.length === 0 ? (
          <p className="t2 small">None.</p>
        ) : (
          <Facts
            rows={resource.configuredValues.map(({ key, value, type }) => [
              key,
              <span key="value" className="row">
                <span className="mono">{value}</span>
                {type === 'ENV_VAR' && <Tag value="environment variable" />}
              </span>,
            ])}
          />
        )}
      </Section>
      <Section title="Used by" padded>
        <ul>
          {jobs.map(({ jobName, opHandleIDs }) => (
            <li key={jobName}>
              <Link
                to="/jobs/$location/$name"
                params={{ location: row.location, name: jobName }}
                className="link"
              >
                {jobName}
              </Link>{' '}
              <span className="t2">{plural(opHandleIDs.length, 'op')}</span>
            </li>
          ))}
          {assets.slice(0, named).map((key) => (
            <li key={keyText(key)}>
              <Link to="/assets/$" params={{ _splat: keyToUrl(key) }} className="link">
                {keyText(key)}
              </Link>
            </li>
          ))}
          {assets.length > named && <li className="t2">and {assets.length - named} more assets</li>}
          {row.schedules?.map((name) => (
            <li key={name}>
              <Link to="/schedules" search={{ open: `${row.location}:${name}` }} className="link">
                {name}
              </Link>{' '}
              <span className="t2">schedule of such a job</span>
            </li>
          ))}
          {assets.length + jobs.length === 0 && <li className="t2">Nothing uses it.</li>}
        </ul>
      </Section>
    </SidePanel>
  );
}
