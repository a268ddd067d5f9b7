import type { InstanceStatusResult, InstanceStatusVariables } from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** Daemons, limits and pools. */
export const instanceStatusDocument = gql<InstanceStatusResult, InstanceStatusVariables>`
  query InstanceStatus {
    version
    instance {
      id
      daemonHealth {
        id
        allDaemonStatuses {
          id
          daemonType
          required
          healthy
          lastHeartbeatTime
          lastHeartbeatErrors { message className stack }
        }
      }
      runQueuingSupported
      runQueueConfig { maxConcurrentRuns tagConcurrencyLimitsYaml }
      poolConfig { poolGranularity defaultPoolLimit }
      concurrencyLimits {
        concurrencyKey
        limit
        usingDefaultLimit
        slotCount
        activeSlotCount
        activeRunIds
        claimedSlots { runId stepKey }
        pendingStepCount
        pendingStepRunIds
      }
    }
  }
`;
