import { CodeBlock } from '../../components/code-block';
import { QueryPanel } from '../../components/panel-states';
import { Section } from '../../components/section';
import { useLiveQuery } from '../../graphql/use-live-query';
import { instanceConfigDocument } from './deployment.graphql';

/** What headrace.yaml comes to, defaults included, without secrets. */
export function Configuration() {
  const query = useLiveQuery(instanceConfigDocument, {}, { interval: false, select: (answer) => answer });
  return (
    <QueryPanel query={query} title="The configuration could not be loaded" rows={12}>
      {({ version, instance }) => (
        <Section
          title="Instance configuration"
          detail={`headrace.yaml with its defaults, without secrets · version ${version}`}
          padded
        >
          <CodeBlock label="instance configuration" text={instance.info ?? 'This instance does not tell.'} />
        </Section>
      )}
    </QueryPanel>
  );
}
