import { Link } from '@tanstack/react-router';
import { buttonClass } from '../../components/button';
import { CopyButton } from '../../components/copy-text';
import { Facts, Section } from '../../components/section';
import { SidePanel } from '../../components/side-panel';
import { Tag } from '../../components/tag';
import styles from './job-overview.module.css';
import { dynamicWord, opParents } from './op-boxes';
import { OpConfig } from './op-config';
import { retryText } from './retry-text';
import type { JobOp, JobSelector } from './use-job-graph';

/** An op of a job: what it takes and gives, what it needs, and what it can be told. */
export function OpPanel({
  op,
  ops,
  selector,
  onClose,
}: {
  readonly op: JobOp;
  readonly ops: readonly JobOp[];
  readonly selector: JobSelector;
  readonly onClose: () => void;
}) {
  const { definition } = op;
  const resources = definition.__typename === 'SolidDefinition' ? definition.requiredResources : [];
  const pools = definition.__typename === 'SolidDefinition' ? definition.pools : [];
  const followers = ops.filter((each) => opParents(each).includes(op.name));
  const dynamic = dynamicWord(op);
  return (
    <SidePanel title={<h2 className={styles.title}>{op.name}</h2>} onClose={onClose}>
      {definition.description && (
        <div className={styles.lead}>
          <p className={styles.description}>{definition.description}</p>
        </div>
      )}
      <Section title="Op" padded>
        <Facts
          rows={[
            definition.name !== op.name && [
              'Definition',
              <span key="name" className="mono">
                {definition.name}
              </span>,
            ],
            dynamic !== '' && ['Runs', dynamicSentence[dynamic] ?? dynamic],
            ['Resources', resources.map((each) => each.resourceKey).join(', ') || 'none'],
            ['Pool', pools.length === 0 ? 'none' : <PoolLinks key="pools" pools={pools} />],
            ['Retries', retryText(op.retryPolicy)],
            definition.metadata.length > 0 && [
              'Tags',
              <span key="tags" className="row">
                {definition.metadata.map((tag) => (
                  <Tag key={tag.key} k={tag.key} value={tag.value} />
                ))}
              </span>,
            ],
            [
              'Source',
              <span key="source" className="row">
                <span className="mono ellipsis" title={op.definitionSource}>
                  {op.definitionSource}
                </span>
                <CopyButton text={op.definitionSource} label="Copy the source’s place" />
              </span>,
            ],
          ]}
        />
      </Section>
      <Section title="Inputs" detail={op.inputs.length} padded>
        <ul className={styles.list}>
          {op.inputs.map((input) => (
            <li key={input.definition.name}>
              <span className="mono">
                {input.definition.type.isNothing ? 'order only' : input.definition.name}
              </span>
              {input.dependsOn.length > 0 && <span className="t2"> from </span>}
              {input.dependsOn.map((output, index) => (
                <span key={`${output.solid.name}.${output.definition.name}`}>
                  {index > 0 && ', '}
                  <OpLink name={output.solid.name} />
                  {output.definition.name !== 'result' && (
                    <span className="t2"> {output.definition.name}</span>
                  )}
                </span>
              ))}
              {input.isDynamicCollect && <span className="t2">, all keys together</span>}
              {input.definition.description && <p className="t2">{input.definition.description}</p>}
            </li>
          ))}
          {op.inputs.length === 0 && <li className="t2">None: it can start at once.</li>}
        </ul>
      </Section>
      <Section title="Outputs" detail={op.outputs.length} padded>
        <ul className={styles.list}>
          {op.outputs.map((output) => (
            <li key={output.definition.name}>
              <span className="mono">{output.definition.name}</span>
              {output.definition.isDynamic && <span className="t2"> one per key</span>}
              {output.definition.description && <p className="t2">{output.definition.description}</p>}
            </li>
          ))}
          {op.outputs.length === 0 && <li className="t2">None.</li>}
          {followers.length > 0 && (
            <li className="t2">
              Needed by{' '}
              {followers.slice(0, named).map((each, index) => (
                <span key={each.name}>
                  {index > 0 && ', '}
                  <OpLink name={each.name} />
                </span>
              ))}
              {followers.length > named && ` and ${followers.length - named} more`}
            </li>
          )}
        </ul>
      </Section>
      <OpConfig name={op.name} selector={selector} />
      <div className={styles.actions}>
        <Link to="." search={{ tab: 'launch', select: op.name }} className={buttonClass()} activeProps={{}}>
          Launch this op…
        </Link>
        <Link
          to="."
          search={{ tab: 'launch', select: `${op.name}*` }}
          className={buttonClass()}
          activeProps={{}}
        >
          Launch from here…
        </Link>
      </div>
    </SidePanel>
  );
}

/** Ops after this one that are named. */
const named = 12;

const dynamicSentence: Readonly<Record<string, string>> = {
  'per key': 'once for each key that came before',
  dynamic: 'once, and makes keys that others run for',
  collects: 'once, with what all keys gave',
};

function OpLink({ name }: { readonly name: string }) {
  return (
    <Link
      to="."
      search={(old: Record<string, string | undefined>) => ({ ...old, op: name })}
      className="link"
      activeProps={{}}
    >
      {name}
    </Link>
  );
}

function PoolLinks({ pools }: { readonly pools: readonly string[] }) {
  return pools.map((pool) => (
    <Link key={pool} to="/deployment" search={{ tab: 'concurrency' }} className="link">
      {pool}
    </Link>
  ));
}
