import type {
  CodeLocation,
  CodeLocationRequest,
  CodeLocationResponses,
} from '../../../lib/model/code-location';
import type { RunRequest } from '../../../lib/model/run-request';
import { type CodeLocationClient, UserCodeError } from '../../../lib/ports/code-location-client';
import type { CodeLocationRegistry } from '../../../lib/ports/code-location-registry';
import { PortError } from '../../../lib/ports/errors';
import { aLocation } from '../../engine/support/test-instance';
import type { Process } from '../core/process';
import { LOCATION, MANIFEST, PARTITIONS } from '../workload/manifest';
import type { Simulation } from './simulation';

/** An instant at which a file appears that the sensor has to load. */
export interface File {
  readonly name: string;
  readonly at: number;
}

/** The code location: schedules and sensors whose answers depend on nothing but time and cursor. */
export class CodeLocations {
  private readonly simulation: Simulation;
  private readonly files: readonly File[];
  private readonly location: CodeLocation;

  constructor(simulation: Simulation, files: readonly File[]) {
    this.simulation = simulation;
    this.files = files;
    this.location = aLocation(MANIFEST, { updatedAt: simulation.timeline.now });
  }

  readonly registry: CodeLocationRegistry = {
    list: async () => [this.location],
    get: async (name) => (name === LOCATION ? this.location : undefined),
    reload: async (name) => (name === LOCATION ? this.location : undefined),
  };

  clientOf(process: Process): CodeLocationClient {
    const { network, faults } = this.simulation;
    return {
      call: <K extends CodeLocationRequest['kind']>(
        location: string,
        _bundleHash: string,
        request: Extract<CodeLocationRequest, { kind: K }>,
      ) => {
        const faultsOfCall = {
          requestLost: 'code location: unreachable',
          slow: 'code location: slow',
          error: () => new PortError('transient', `Code location "${location}" cannot be reached`),
        } as const;
        return network.call(process, `code ${request.kind}`, faultsOfCall, () => {
          if (faults.strikes('code location: throws')) throw new UserCodeError('the sensor failed');
          return this.answer(request) as CodeLocationResponses[K];
        });
      },
    };
  }

  private answer(request: CodeLocationRequest): CodeLocationResponses[CodeLocationRequest['kind']] {
    switch (request.kind) {
      case 'evaluate-schedule':
        return requesting(
          request.schedule === 'catching_up'
            ? [aRequest({ runKey: 'only', partitionKey: partitionAt(request.scheduledAt) })]
            : [aRequest({ runKey: 'first', tags: { team: 'data' } }), aRequest({ runKey: 'second' })],
        );
      case 'evaluate-sensor': {
        if (request.sensor === 'after_load') {
          return requesting(request.runStatusChanges.map(({ runId }) => aRequest({ runKey: runId })));
        }
        const seen = Number(request.cursor ?? 0);
        const there = this.files.filter(({ at }) => at <= this.simulation.timeline.now);
        // It looks back a little too far, as sensors do: keys come again.
        const found = there.slice(Math.max(0, seen - 1));
        return requesting(
          found.map(({ name }) => aRequest({ runKey: name, tags: { customer: 'ada' } })),
          String(there.length),
        );
      }
      case 'validate-config':
        return { ok: true, config: request.config };
      default:
        throw new Error(`the code location is not asked for its ${request.kind} here`);
    }
  }
}

const partitionAt = (instant: number): string => PARTITIONS[(instant / 180_000) % PARTITIONS.length] ?? 'p1';

function aRequest(fields: Partial<RunRequest>): RunRequest {
  return {
    runKey: null,
    jobName: null,
    config: {},
    tags: {},
    partitionKey: null,
    assetSelection: null,
    assetCheckSelection: null,
    ...fields,
  };
}

function requesting(runRequests: readonly RunRequest[], cursor: string | null = null) {
  const skipReason = runRequests.length === 0 ? 'Nothing new.' : null;
  return { result: { runRequests, skipReason, cursor, dynamicPartitionsRequests: [] }, logs: [] };
}
