import { aManifest } from './build-manifest';

const partitions = { type: 'static', keys: Array.from({ length: 60 }, (_, index) => `p${index}`) } as const;

/** Three assets, each partition after that of the one before, never in one run: their policies differ. */
export const chained = aManifest({
  assets: {
    first: { partitions },
    second: { partitions, after: ['first'], backfillPolicy: { maxPartitionsPerRun: 2 } },
    third: { partitions, after: ['second'], backfillPolicy: { maxPartitionsPerRun: 3 } },
  },
});
