import type { InstanceStatusResult, InstanceStatusVariables } from './generated';
import { gql } from './gql';

/** Daemons, limits and pools; read by the overview and the deployment page. */
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
          lastHeartbeatErrors { message }
        }
      }
      runQueuingSupported
      runQueueConfig { maxConcurrentRuns tagConcurrencyLimitsYaml }
      poolConfig { poolGranularity defaultPoolLimit }
      concurrencyLimits {
        concurrencyKey
        limit
        slotCount
        activeSlotCount
        activeRunIds
        pendingStepCount
        pendingStepRunIds
      }
    }
  }
`;
