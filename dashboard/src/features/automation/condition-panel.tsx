import { Link } from '@tanstack/react-router';
import { keyText, keyToUrl } from '../../components/format/asset-key';
import { Facts, Section } from '../../components/section';
import { SidePanel } from '../../components/side-panel';
import styles from './automation-page.module.css';
import { type ConditionRow, conditionText } from './automation-row';
import { EvaluationHistory } from './evaluation-history';

/** A condition beside the list: what it says, who evaluates it, and why it did or did not ask last. */
export function ConditionPanel({
  row,
  onClose,
}: {
  readonly row: ConditionRow;
  readonly onClose: () => void;
}) {
  const { asset, jobName, condition, sensor, locationName } = row;
  return (
    <SidePanel
      onClose={onClose}
      title={<h2 className={styles.name}>{asset === null ? jobName : keyText(asset)}</h2>}
    >
      <Section title="Condition" padded>
        <Facts
          rows={[
            condition.label !== null && ['Name', condition.label],
            ['Asks', <span key="text">{conditionText(condition.expandedLabel)}</span>],
            asset !== null
              ? [
                  'Asset',
                  <Link
                    key="asset"
                    to="/assets/$"
                    params={{ _splat: keyToUrl(asset) }}
                    search={{ tab: 'automation' }}
                    className="link"
                  >
                    {keyText(asset)}
                  </Link>,
                ]
              : [
                  'Job',
                  <Link
                    key="job"
                    to="/jobs/$location/$name"
                    params={{ location: locationName, name: jobName ?? '' }}
                    search={{}}
                    className="link"
                  >
                    {jobName}
                  </Link>,
                ],
            [
              'Evaluated by',
              sensor ? (
                <Link
                  key="sensor"
                  to="/automation"
                  search={{ open: `sensor:${sensor.id}` }}
                  className="link"
                  activeProps={{}}
                >
                  {sensor.sensor.name}
                </Link>
              ) : (
                'nothing: no automation sensor follows it'
              ),
            ],
            sensor !== undefined && [
              'State',
              sensor.sensor.sensorState.status === 'RUNNING' ? 'on' : 'off: its sensor is turned off',
            ],
            ['Location', locationName],
          ]}
        />
      </Section>
      <EvaluationHistory asset={asset} jobName={jobName} />
    </SidePanel>
  );
}
