import type {
  ExecutableSchedule,
  ExecutableSensor,
  LoadedDefinitions,
} from '../definitions/loaded-definitions';
import type {
  CodeLocationReply,
  CodeLocationRequest,
  CodeLocationResponses,
  InstigatorLog,
} from '../model/code-location';
import { definitionNames } from '../model/definition-names';
import type { InstigatorResult } from '../model/run-request';
import { SecretMask } from '../model/secret-mask';
import { type SerializableError, toSerializableError } from '../model/serializable-error';
import { DefinitionNotFoundError } from './errors';
import type { ExecutionHost } from './execution-host';
import { indexManifest } from './manifest-index';
import { partitionConfigsOf } from './partition-configs';
import { RunResources } from './run-resources';
import { createEmit, createLogger, type Emit } from './run-scope';
import { verifySignature } from './verify-signature';

/** What evaluating user code needs of the outside world. */
export type CodeLocationHost = Pick<
  ExecutionHost,
  'lookUp' | 'mask' | 'artifacts' | 'clock' | 'knownSecrets'
>;

type Reply<K extends CodeLocationRequest['kind']> = CodeLocationReply<CodeLocationResponses[K]>;

/**
 * Answers what can only be answered by user code: evaluates schedules and sensors, checks run configs. Knows
 * nothing of how requests arrive. What user code throws is an answer, not a failure.
 */
export class CodeLocationServer {
  private readonly definitions: LoadedDefinitions;
  private readonly location: string;
  private readonly host: CodeLocationHost;

  constructor(definitions: LoadedDefinitions, location: string, host: CodeLocationHost) {
    this.definitions = definitions;
    this.location = location;
    this.host = host;
  }

  /** Never rejects. */
  async handle<K extends CodeLocationRequest['kind']>(
    request: Extract<CodeLocationRequest, { kind: K }>,
  ): Promise<Reply<K>> {
    const mask = new SecretMask(this.host.knownSecrets);
    const logs: InstigatorLog[] = [];
    try {
      const value = await this.answer(request, mask, logs);
      // What is asked of runs, and cursors, must come as they are; logs are masked where they are written.
      return { ok: true, value: mask.names(value) as CodeLocationResponses[K] };
    } catch (thrown) {
      const error = mask.data<SerializableError>(toSerializableError(thrown));
      return { ok: false, error, ...(logs.length === 0 ? {} : { logs }) };
    }
  }

  private answer(request: CodeLocationRequest, mask: SecretMask, logs: InstigatorLog[]): unknown {
    const { definitions } = this;
    switch (request.kind) {
      case 'manifest':
        return indexManifest(definitions, this.location).manifest;
      case 'definition-names':
        return definitionNames(indexManifest(definitions, this.location).manifest);
      case 'validate-config':
        return definitions.validateConfig(request.job, request.config);
      case 'partition-config':
        return partitionConfigsOf(
          definitions,
          find(Object.fromEntries(indexManifest(definitions, this.location).jobs), 'job', request.job),
          request.runs,
        );
      case 'verify-signature':
        return verifySignature(this.host, request);
      case 'evaluate-schedule': {
        const schedule = find(definitions.schedules, 'schedule', request.schedule);
        return this.evaluate(schedule, { scheduledAt: request.scheduledAt }, mask, logs);
      }
      case 'evaluate-sensor': {
        const { kind: _, sensor: name, ...evaluation } = request;
        return this.evaluate(find(definitions.sensors, 'sensor', name), evaluation, mask, logs);
      }
    }
  }

  private async evaluate(
    instigator: ExecutableSchedule | ExecutableSensor,
    evaluation: object,
    mask: SecretMask,
    logs: InstigatorLog[],
  ): Promise<{ readonly result: InstigatorResult; readonly logs: readonly InstigatorLog[] }> {
    const emit = this.logTo(logs, mask);
    const resources = new RunResources({
      definitions: this.definitions,
      index: indexManifest(this.definitions, this.location),
      run: null,
      config: {},
      host: this.host,
      mask,
      emit,
    });
    try {
      const context = {
        ...evaluation,
        log: createLogger(emit, {}),
        resources: await resources.values(instigator.resources),
      };
      // Schedules and sensors differ only in what they are told, and each was given its own.
      const result = await (instigator.evaluate as (context: unknown) => Promise<InstigatorResult>)(context);
      const skipReason = result.skipReason === null ? null : mask.text(result.skipReason);
      return { result: { ...result, skipReason }, logs };
    } finally {
      await resources.tearDown();
    }
  }

  /** Keeps what user code logs; a failing tear-down is told there too. */
  private logTo(logs: InstigatorLog[], mask: SecretMask): Emit {
    const { clock } = this.host;
    return createEmit(
      {
        clock,
        emit: ({ type, level, message, timestamp }) => {
          if (type === 'LOG_MESSAGE' || level === 'ERROR') logs.push({ level, timestamp, message });
        },
      },
      mask,
    );
  }
}

function find<T>(known: Readonly<Record<string, T>>, kind: string, name: string): T {
  const found = known[name];
  if (found === undefined) throw new DefinitionNotFoundError(kind, name, Object.keys(known));
  return found;
}
