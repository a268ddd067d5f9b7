import type { Command } from 'commander';
import {
  changePartitions,
  type PartitionOptions,
  type ReportOptions,
  reportAsset,
  type WipeOptions,
  wipeAsset,
} from './commands/assets';
import { collect } from './option-values';
import type { ProgramTools } from './program-deployment';

/** Commands about assets and their partitions outside of runs. */
export function addAssetCommands(program: Command, { onClient }: Pick<ProgramTools, 'onClient'>): void {
  const asset = program.command('asset').description('say what happened to an asset, or forget it');
  asset
    .command('report')
    .argument('<asset>', 'its key, e.g. raw/earthquakes')
    .description('record that it was materialized, or observed, outside of any run')
    .option('--partition <key>', 'repeatable', collect)
    .option('--observation', 'it was observed, not made')
    .option('--description <text>')
    .action((key: string, options: ReportOptions) =>
      onClient((client, out) => reportAsset(client, key, options, out)),
    );
  asset
    .command('wipe')
    .argument('<asset>')
    .description('forget what was made and observed of it; its data is not touched')
    .option('--partition <key>', 'only this partition; repeatable', collect)
    .option('--range <first...last>', 'only these partitions, both ends included')
    .option('--yes', 'do not ask')
    .action((key: string, options: WipeOptions) =>
      onClient((client, out) => wipeAsset(client, key, options, out)),
    );

  const partition = program.command('partition').description('keys of dynamic partitions');
  for (const [kind, description] of [
    ['add', 'add keys'],
    ['delete', 'delete keys'],
  ] as const) {
    const command = partition
      .command(kind)
      .argument('<definition>', 'name of the dynamic partitions')
      .argument('<keys...>')
      .description(description)
      .requiredOption('--location <name>', 'their code location');
    if (kind === 'delete') command.option('--wipe', 'forget too what assets made of them');
    command.action((definition: string, keys: string[], options: PartitionOptions) =>
      onClient((client, out) => changePartitions(client, kind, definition, keys, options, out)),
    );
  }
}
