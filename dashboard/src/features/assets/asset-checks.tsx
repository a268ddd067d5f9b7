import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from '../../components/button';
import { plural } from '../../components/format/number';
import { SimpleTable } from '../../components/simple-table';
import { StatusText } from '../../components/status-text';
import { Tag } from '../../components/tag';
import { Time } from '../../components/time';
import { showToast } from '../../components/toast';
import { TwoLines } from '../../components/two-lines';
import { useUrlState } from '../../components/use-url-state';
import { launchAssetRun, materializeTarget } from '../../graphql/use-materialize';
import { resolveCheck } from './asset-health';
import type { Check, Node } from './asset-types';
import { CheckHistory } from './check-history';

/** Whether checks may be run by themselves; why not. */
function refusalOf(node: Node): string | undefined {
  const may = node.isMaterializable
    ? node.hasMaterializePermission
    : node.hasReportRunlessAssetEventPermission;
  return may ? undefined : 'Your role may not run checks here';
}

/** Runs the checks that can run without their asset; shows nothing where there are none. */
export function RunChecksButton({
  node,
  checks,
}: {
  readonly node: Node;
  readonly checks: readonly Check[];
}) {
  const run = useRunChecks(node);
  const runnable = checks.filter((check) => check.canExecuteIndividually === 'CAN_EXECUTE');
  if (runnable.length === 0) return null;
  const refusal = refusalOf(node);
  return (
    <Button
      small
      icon="play"
      busy={run.isPending}
      disabled={refusal !== undefined}
      title={refusal ?? 'Without the asset being made again'}
      onClick={() => run.mutate(runnable.map(({ name }) => name))}
    >
      Run {plural(runnable.length, 'check')}
    </Button>
  );
}

/** The checks with their last result; one at a time opens its history. Those that can, are run by themselves. */
export function Checks({ node, checks }: { readonly node: Node; readonly checks: readonly Check[] }) {
  const [search, patch] = useUrlState();
  const run = useRunChecks(node);
  const refusal = refusalOf(node);
  return (
    <SimpleTable
      label="Checks"
      columns={[
        { header: 'Check' },
        { header: 'Result' },
        { header: 'Ran' },
        { header: 'Says' },
        { header: 'Run', right: true },
        { header: 'History', right: true },
      ]}
      empty="No checks. A check tests the data after each materialization; declare one beside the asset."
      rows={checks.map((check) => {
        const execution = check.executionForLatestMaterialization;
        const isOpen = search.check === check.name;
        const why =
          check.canExecuteIndividually === 'CAN_EXECUTE' ? refusal : 'It runs when the asset is materialized';
        const runButton = (
          <Button
            key="run"
            look="ghost"
            small
            icon="play"
            aria-label={`Run ${check.name}`}
            disabled={why !== undefined || run.isPending}
            {...(why ? { title: why } : {})}
            onClick={() => run.mutate([check.name])}
          />
        );
        const historyButton = (
          <Button
            key="history"
            look="ghost"
            small
            aria-expanded={isOpen}
            aria-label={`History of ${check.name}`}
            icon="schedules"
            onClick={() => patch({ check: isOpen ? undefined : check.name })}
          />
        );
        return {
          id: check.name,
          narrow: (
            <>
              <span className="grow">
                <TwoLines
                  first={check.name}
                  second={execution?.evaluation?.description ?? check.description ?? '—'}
                />
              </span>
              <StatusText status={resolveCheck(check)} />
              {runButton}
              {historyButton}
            </>
          ),
          cells: [
            <span key="name" className="row">
              <span className="strong" title={check.description ?? undefined}>
                {check.name}
              </span>
              {check.blocking && <Tag value="blocking" />}
            </span>,
            <StatusText key="status" status={resolveCheck(check)} />,
            <Time key="at" at={execution ? execution.timestamp * 1_000 : null} />,
            <span key="text" className="t2">
              {execution?.evaluation?.description ?? '—'}
            </span>,
            runButton,
            historyButton,
          ],
          below: isOpen && (
            <CheckHistory path={node.assetKey.path} name={check.name} description={check.description} />
          ),
        };
      })}
    />
  );
}

/** Launches checks without their asset, and says so. */
function useRunChecks(node: Node) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (names: readonly string[]) =>
      launchAssetRun(materializeTarget(node), {
        assets: [],
        checks: names.map((name) => ({ path: node.assetKey.path, name })),
      }),
    onSuccess: (runId, names) =>
      showToast({
        kind: 'success',
        title: `Launched ${names.length === 1 ? names[0] : plural(names.length, 'check')}`,
        action: { text: 'Open', run: () => void navigate({ to: '/runs/$runId', params: { runId } }) },
      }),
    onError: (error, names) =>
      showToast({
        kind: 'failure',
        title: `${names.length === 1 ? names[0] : plural(names.length, 'check')} could not be launched`,
        detail: error.message,
      }),
  });
}
