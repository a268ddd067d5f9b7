import { environmentSecrets } from '../../environment';
import { METRIC_NAMESPACE, METRIC_UNIT, type MetricName } from '../../model/control-plane-metrics';
import { SecretMask } from '../../model/secret-mask';
import { toSerializableError } from '../../model/serializable-error';

/** What Lambda tells a handler of its invocation. */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  getRemainingTimeInMillis(): number;
}

/** A function's log: one JSON object a line, each with the invocation's id; secrets of its environment are masked. */
export interface FunctionLog {
  /** Puts the id of the invocation that begins into the lines that follow. */
  begin(context: Pick<LambdaContext, 'awsRequestId'>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, error: unknown): void;
  /** Masks what a handler throws: Lambda logs it too, and answers it to whoever invoked the function. */
  masked(error: unknown): unknown;
  /** One value of a metric, in CloudWatch's embedded metric format. */
  measure(metric: MetricName, value: number): void;
}

/**
 * Writes a function's log to standard output, from where CloudWatch takes it.
 *
 * @param options.now epoch ms
 * @param options.secrets default those of the environment, by their names
 */
export function createFunctionLog(options: {
  readonly instance: string;
  now(): number;
  readonly secrets?: readonly string[];
  write?(line: string): void;
}): FunctionLog {
  const { instance, now, write = (line: string) => void process.stdout.write(`${line}\n`) } = options;
  const mask = new SecretMask(options.secrets ?? environmentSecrets());
  let requestId: string | undefined;
  const say = (level: string, message: string, fields: object): void =>
    write(
      JSON.stringify({
        level,
        time: new Date(now()).toISOString(),
        requestId,
        ...mask.data({ message, ...fields }),
      }),
    );
  return {
    begin: ({ awsRequestId }) => {
      requestId = awsRequestId;
    },
    info: (message, fields = {}) => say('INFO', message, fields),
    error: (message, error) => say('ERROR', message, { error: toSerializableError(error) }),
    masked: (error) => maskError(error, mask),
    measure: (metric, value) =>
      write(
        JSON.stringify({
          // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
          _aws: {
            Timestamp: now(),
            CloudWatchMetrics: [
              {
                Namespace: METRIC_NAMESPACE,
                Dimensions: [['instance']],
                Metrics: [{ Name: metric, Unit: METRIC_UNIT[metric] }],
              },
            ],
          },
          instance,
          requestId,
          [metric]: value,
        }),
      ),
  };
}

/** Causes of causes that are looked at; `toSerializableError` shows no more. */
const MAX_DEPTH = 5;

/** In place, since errors are told apart by their class. */
function maskError(error: unknown, mask: SecretMask, depth = 0): unknown {
  if (typeof error === 'string') return mask.text(error);
  if (!(error instanceof Error) || depth > MAX_DEPTH) return error;
  for (const name of Object.getOwnPropertyNames(error)) {
    const value: unknown = Reflect.get(error, name);
    const masked = maskError(value, mask, depth + 1);
    if (masked !== value) Object.defineProperty(error, name, { value: masked });
  }
  return error;
}
