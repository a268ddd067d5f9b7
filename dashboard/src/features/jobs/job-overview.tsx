import { AssetJobGraph } from './asset-job-graph';
import { JobAside } from './job-aside';
import styles from './job-overview.module.css';
import type { Job } from './job-page';
import { OpJobGraph } from './op-job-graph';
import type { JobAssets } from './use-job-assets';
import type { JobParts, JobSelector } from './use-job-graph';

/** What a job runs, with what there is to know of it, or of what is selected, beside. */
export function JobOverview({
  job,
  parts,
  selector,
  assets,
}: {
  readonly job: Job;
  readonly parts: JobParts;
  readonly selector: JobSelector;
  readonly assets: JobAssets;
}) {
  return (
    <div className={styles.overview}>
      {job.isAssetJob ? <AssetJobGraph assets={assets} /> : <OpJobGraph parts={parts} selector={selector} />}
      <JobAside job={job} parts={parts} selector={selector} />
    </div>
  );
}
