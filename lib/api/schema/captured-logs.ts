import { readComputeLog, type UnreadableLogPart } from '../../engine/compute-logs';
import { type ComputeLogStream, fromLogKey } from '../../model/compute-log';
import type { ApiContext } from '../api-context';
import { builder } from '../builder';
import { ClientFacingError } from '../client-facing-error';

type UnreadableValue = UnreadableLogPart & { readonly stream: ComputeLogStream };

const UnreadableLog = builder.objectRef<UnreadableValue>('UnreadableLog');
UnreadableLog.implement({
  description: 'A part of the captured output that cannot be read; a line in the text stands for it.',
  fields: (t) => ({
    stream: t.exposeString('stream', { description: '`stdout` or `stderr`.' }),
    offset: t.exposeFloat('offset', { description: 'Bytes from the beginning of the stream.' }),
    bytes: t.exposeFloat('bytes'),
    reason: t.exposeString('reason'),
  }),
});

interface CapturedLogsValue {
  readonly logKey: readonly string[];
  readonly stdout: string | null;
  readonly stderr: string | null;
  readonly cursor: string | null;
  readonly unreadable: readonly UnreadableValue[];
}
export const CapturedLogs = builder.objectRef<CapturedLogsValue>('CapturedLogs');
CapturedLogs.implement({
  fields: (t) => ({
    logKey: t.stringList({ resolve: ({ logKey }) => [...logKey] }),
    stdout: t.exposeString('stdout', { nullable: true }),
    stderr: t.exposeString('stderr', { nullable: true }),
    cursor: t.exposeString('cursor', { nullable: true }),
    unreadable: t.field({ type: [UnreadableLog], resolve: ({ unreadable }) => [...unreadable] }),
  }),
});

/** Bytes of one stream in one answer at most. */
const MAX_BYTES = 1_000_000;

/** `<offset in stdout>:<offset in stderr>` */
function parseCursor(cursor: string | null | undefined): [number, number] {
  const [out = '0', err = '0'] = (cursor ?? '0:0').split(':');
  return [Number(out) || 0, Number(err) || 0];
}

function parseLogKey(logKey: readonly string[]) {
  const key = fromLogKey(logKey);
  if (key !== undefined) return key;
  throw new ClientFacingError(
    `logKey ${JSON.stringify(logKey)} names no captured log; take it from a LogsCapturedEvent.`,
  );
}

/** What one try of a step printed, from a cursor on. */
export async function readCapturedLogs(
  logKey: readonly string[],
  { cursor, limit }: { cursor?: string | null | undefined; limit?: number | null | undefined },
  { instance }: ApiContext,
): Promise<CapturedLogsValue> {
  const key = parseLogKey(logKey);
  const [fromOut, fromErr] = parseCursor(cursor);
  const bytes = Math.min(limit ?? MAX_BYTES, MAX_BYTES);
  const [stdout, stderr] = await Promise.all([
    readComputeLog(instance, key, 'stdout', fromOut, bytes),
    readComputeLog(instance, key, 'stderr', fromErr, bytes),
  ]);
  return {
    logKey,
    stdout: stdout.text,
    stderr: stderr.text,
    cursor: `${stdout.cursor}:${stderr.cursor}`,
    unreadable: [
      ...stdout.unreadable.map((part) => ({ ...part, stream: 'stdout' as const })),
      ...stderr.unreadable.map((part) => ({ ...part, stream: 'stderr' as const })),
    ],
  };
}

const CapturedLogsMetadata = builder.objectRef<{ readonly stdout: string; readonly stderr: string }>(
  'CapturedLogsMetadata',
);
CapturedLogsMetadata.implement({
  fields: (t) => ({
    stdoutDownloadUrl: t.exposeString('stdout', { nullable: true }),
    stdoutLocation: t.exposeString('stdout', { nullable: true }),
    stderrDownloadUrl: t.exposeString('stderr', { nullable: true }),
    stderrLocation: t.exposeString('stderr', { nullable: true }),
  }),
});

builder.queryFields((t) => {
  const logKey = t.arg.stringList({ required: true });
  return {
    capturedLogs: t.field({
      type: CapturedLogs,
      args: { logKey, cursor: t.arg.string(), limit: t.arg.int() },
      resolve: (_root, { logKey: key, ...page }, context) => readCapturedLogs(key, page, context),
    }),
    capturedLogsMetadata: t.field({
      type: CapturedLogsMetadata,
      description: 'Where the output of a try is read page by page, from the root of this API.',
      args: { logKey },
      resolve: (_root, { logKey: key }) => {
        const { runId, stepKey, tryNumber } = parseLogKey(key);
        const path = (stream: string) =>
          `/api/runs/${encodeURIComponent(runId)}/logs?${new URLSearchParams({ step: stepKey, try: String(tryNumber), stream })}`;
        return { stdout: path('stdout'), stderr: path('stderr') };
      },
    }),
  };
});
