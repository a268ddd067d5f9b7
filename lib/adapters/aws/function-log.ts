import { METRIC_NAMESPACE, METRIC_UNIT, type MetricName } from '../../model/control-plane-metrics';
import { toSerializableError } from '../../model/serializable-error';

/** What Lambda tells a handler of its invocation. */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  getRemainingTimeInMillis(): number;
}

/** A function's log: one JSON object a line, each with the invocation's id. */
export interface FunctionLog {
  /** Puts the id of the invocation that begins into the lines that follow. */
  begin(context: Pick<LambdaContext, 'awsRequestId'>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, error: unknown): void;
  /** One value of a metric, in CloudWatch's embedded metric format. */
  measure(metric: MetricName, value: number): void;
}

/**
 * Writes a function's log to standard output, from where CloudWatch takes it.
 *
 * @param options.now epoch ms
 */
export function createFunctionLog(options: {
  readonly instance: string;
  now(): number;
  write?(line: string): void;
}): FunctionLog {
  const { instance, now, write = (line: string) => void process.stdout.write(`${line}\n`) } = options;
  let requestId: string | undefined;
  const say = (level: string, message: string, fields: object): void =>
    write(JSON.stringify({ level, time: new Date(now()).toISOString(), requestId, message, ...fields }));
  return {
    begin: ({ awsRequestId }) => {
      requestId = awsRequestId;
    },
    info: (message, fields = {}) => say('INFO', message, fields),
    error: (message, error) => say('ERROR', message, { error: toSerializableError(error) }),
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
