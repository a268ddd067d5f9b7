import type { AssetCatalogNode } from '../../graphql/use-assets';
import { AssetJobGraph } from './asset-job-graph';
import { JobAside } from './job-aside';
import styles from './job-overview.module.css';
import type { Job } from './job-page';
import { OpJobGraph } from './op-job-graph';
import type { JobParts, JobSelector } from './use-job-graph';

/** What a job runs, with what there is to know of it, or of what is selected, beside. */
export function JobOverview({
  job,
  parts,
  selector,
  nodes,
}: {
  readonly job: Job;
  readonly parts: JobParts;
  readonly selector: JobSelector;
  /** The assets that it makes; undefined until they are known. */
  readonly nodes: readonly AssetCatalogNode[] | undefined;
}) {
  return (
    <div className={styles.overview}>
      {job.isAssetJob ? <AssetJobGraph nodes={nodes} /> : <OpJobGraph parts={parts} selector={selector} />}
      <JobAside job={job} parts={parts} location={selector.repositoryLocationName} />
    </div>
  );
}
