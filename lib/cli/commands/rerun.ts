import type { HeadraceClient, ReexecuteRunBody } from '../../client';
import { CliError, EXIT } from '../errors';
import { shortId } from '../format';
import type { Output } from '../output';
import { followToEnd, parseTags } from './run';
import { findRun } from './runs';

export interface RerunOptions {
  readonly all?: boolean;
  readonly fromAssetFailure?: boolean;
  readonly step?: readonly string[];
  readonly tag?: readonly string[];
  readonly wait?: boolean;
}

/** `headrace rerun <run>`: an ended run again, by default from what failed. */
export async function rerun(
  client: HeadraceClient,
  prefix: string,
  options: RerunOptions,
  output: Output,
): Promise<number> {
  const runId = await findRun(client, prefix);
  const launched = await client.reexecuteRun(runId, {
    ...whatOf(options),
    ...(options.tag === undefined ? {} : { tags: parseTags(options.tag) }),
  });
  if (options.wait === true) return followToEnd(client, launched.runId, output);
  output.result(launched, () =>
    output.line(
      `Run ${shortId(launched.runId)} does ${shortId(runId)} again. Follow it: npx headrace logs ${shortId(launched.runId)} --follow`,
    ),
  );
  return EXIT.ok;
}

function whatOf({ all, fromAssetFailure, step }: RerunOptions): ReexecuteRunBody {
  if ([all, fromAssetFailure, step !== undefined].filter(Boolean).length > 1) {
    throw new CliError('--all, --from-asset-failure and --step are different ways to do a run again.', {
      remedy: 'Say one of them, or none: then what failed or did not run is done again.',
    });
  }
  if (step !== undefined) return { steps: step };
  if (all === true) return { strategy: 'ALL_STEPS' };
  return { strategy: fromAssetFailure === true ? 'FROM_ASSET_FAILURE' : 'FROM_FAILURE' };
}
