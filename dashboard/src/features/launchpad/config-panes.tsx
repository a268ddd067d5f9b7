import { lazy, Suspense, useCallback, useMemo } from 'react';
import { Button } from '../../components/button';
import { plural } from '../../components/format/number';
import { PanelBoundary } from '../../components/panel-boundary';
import { LoadingRows, Note } from '../../components/panel-states';
import { ScrollRegion } from '../../components/scroll-region';
import { applySuggestion, formatConfig, type readConfig, setConfig } from './config-document';
import { ConfigForm } from './config-form';
import type { ConfigProblem } from './config-problems';
import { configGroups, type JsonSchema } from './config-schema';
import { ConfigTools } from './config-tools';
import styles from './launchpad.module.css';
import { completeYaml } from './yaml-completion';
import type { YamlMark } from './yaml-editor';
import { describeKey } from './yaml-hover';

const YamlEditor = lazy(() => import('./yaml-editor'));

/** One configuration twice: a form of what the schema names, and its text. */
export function ConfigPanes({
  name,
  text,
  original,
  config,
  schema,
  problems,
  marks,
  reveal,
  onChange,
  onRewrite,
}: {
  /** Of the file that the text is downloaded as. */
  readonly name: string;
  readonly text: string;
  /** The job's own configuration. */
  readonly original: string;
  /** The text as it is read. */
  readonly config: ReturnType<typeof readConfig>;
  readonly schema: JsonSchema;
  readonly problems: readonly ConfigProblem[];
  readonly marks: readonly YamlMark[];
  /** A place of the text to go to, once per object. */
  readonly reveal: { readonly from: number; readonly to: number } | undefined;
  readonly onChange: (text: string) => void;
  /** The whole text was made anew, by what. */
  readonly onRewrite: (text: string, what: string) => void;
}) {
  const groups = useMemo(() => configGroups(schema), [schema]);
  const complete = useCallback(
    (content: string, offset: number) => completeYaml(content, offset, schema),
    [schema],
  );
  const describe = useCallback(
    (content: string, offset: number) => describeKey(content, offset, schema),
    [schema],
  );
  return (
    <div className={styles.panes}>
      <section className={styles.pane} aria-label="Form">
        <div className={styles.bar}>
          <h2>Configuration</h2>
          <span className="push" />
          <ConfigTools
            text={text}
            value={config.problem ? undefined : config.value}
            schema={schema}
            original={original}
            onRewrite={onRewrite}
          />
        </div>
        <ScrollRegion label="Configuration form" className={styles.scroll}>
          {config.problem ? (
            <Note kind="failure" className={styles.launchError}>
              The YAML cannot be read: {config.problem}. The form comes back when it can.
            </Note>
          ) : (
            <ConfigForm
              groups={groups}
              value={config.value}
              problems={problems}
              onChange={(path, value) => onChange(setConfig(text, path, value))}
              onSuggestion={(problem) => onChange(applySuggestion(text, problem))}
            />
          )}
        </ScrollRegion>
      </section>
      <section className={styles.pane} aria-label="YAML">
        <div className={styles.bar}>
          <h2>YAML</h2>
          <span className="t3 small wide-only">
            {plural(text.trimEnd().split('\n').length, 'line')} · the same configuration
          </span>
          <span className="push" />
          <Button
            look="ghost"
            small
            disabled={config.problem !== undefined}
            onClick={() => onChange(formatConfig(text))}
          >
            Format
          </Button>
          <Button
            look="ghost"
            small
            icon="download"
            aria-label="Download YAML"
            onClick={() => download(`${name}.yaml`, text)}
          />
          <Button
            look="ghost"
            small
            icon="copy"
            aria-label="Copy YAML"
            onClick={() => void navigator.clipboard.writeText(text)}
          />
        </div>
        <div className={styles.editor}>
          <PanelBoundary title="The editor could not be loaded">
            <Suspense fallback={<LoadingRows />}>
              <YamlEditor
                value={text}
                label="Run configuration"
                marks={marks}
                complete={complete}
                describe={describe}
                reveal={reveal}
                onChange={onChange}
              />
            </Suspense>
          </PanelBoundary>
        </div>
      </section>
    </div>
  );
}

function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/yaml' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
