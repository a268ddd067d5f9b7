import type { Command } from 'commander';
import {
  changeBackfill,
  type LaunchBackfillOptions,
  type ListBackfillsOptions,
  launchBackfill,
  listBackfills,
  rerunBackfill,
  showBackfill,
} from './commands/backfills';
import { type RerunOptions, rerun } from './commands/rerun';
import { collect, countUpTo, integer } from './option-values';
import type { ProgramTools } from './program-deployment';

/** Commands that do many partitions, or what failed, again. */
export function addBackfillCommands(program: Command, { onClient }: Pick<ProgramTools, 'onClient'>): void {
  program
    .command('rerun')
    .argument('<run>', 'run id, or its first characters')
    .description('launch an ended run again, from what failed')
    .option('--all', 'all of it')
    .option('--from-asset-failure', 'what was not materialized, and checks that were not evaluated')
    .option('--step <key>', 'only this step, or around it: +load, load*, *load+; repeatable', collect)
    .option('--tag <key=value>', 'tag of the new run; repeatable', collect)
    .option('--wait', 'follow the run and exit with its status')
    .action((runId: string, options: RerunOptions) =>
      onClient((client, out) => rerun(client, runId, options, out)),
    );

  const group = program.command('backfill').description('launch and follow runs of many partitions');
  group
    .command('launch')
    .argument('<job or asset selection...>', 'e.g. load, or raw/earthquakes+ (of any code locations)')
    .description('launch a backfill')
    .option('--location <name>', 'code location of the job, when the name is not unique')
    .option('--partition <key>', 'repeatable', collect)
    .option('--range <first...last>', 'both ends included')
    .option('--all', 'all partitions')
    .option('--missing', 'assets: those that were never made, or failed the last time')
    .option('--from-failure', 'jobs: go on where the last run of a partition failed, leave the others out')
    .option('--tag <key=value>', 'tag of its runs; repeatable', collect)
    .option('--config <file>', 'YAML or JSON file with the run config')
    .option('--priority <n>', 'higher first', integer)
    .option('--title <text>')
    .option('--dry-run', 'only say what it would make')
    .action((targets: string[], options: LaunchBackfillOptions) =>
      onClient((client, out) => launchBackfill(client, targets, options, out)),
    );
  group
    .command('list')
    .description('newest first')
    .option('--status <statuses>', 'comma-separated, e.g. requested,canceling')
    .option('--limit <n>', 'how many, at most 1,000', countUpTo(1_000), 20)
    .action((options: ListBackfillsOptions) =>
      onClient((client, out) => listBackfills(client, options, out)),
    );
  group
    .command('show')
    .argument('<backfill>')
    .description('how far it is, and what it said')
    .action((id: string) => onClient((client, out) => showBackfill(client, id, out)));
  for (const [change, description] of [
    ['cancel', 'cancel it and its runs'],
    ['pause', 'start none of its runs until it is resumed'],
    ['resume', 'let one that is paused, was canceled or failed go on'],
  ] as const) {
    group
      .command(change)
      .argument('<backfill>')
      .description(description)
      .action((id: string) => onClient((client, out) => changeBackfill(client, id, { change }, out)));
  }
  group
    .command('priority')
    .argument('<backfill>')
    .argument('<n>', 'higher first', integer)
    .description('give its queued runs, and those to come, another priority')
    .action((id: string, priority: number) =>
      onClient((client, out) => changeBackfill(client, id, { change: 'priority', priority }, out)),
    );
  group
    .command('rerun')
    .argument('<backfill>')
    .description('launch an ended backfill again: what it did not make')
    .option('--all', 'all of it')
    .action((id: string, options: { all?: boolean }) =>
      onClient((client, out) => rerunBackfill(client, id, options, out)),
    );
}
