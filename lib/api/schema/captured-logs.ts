import { readComputeLog } from '../../engine/compute-logs';
import { fromLogKey } from '../../model/compute-log';
import { builder } from '../builder';
import { ClientFacingError } from '../client-facing-error';

interface CapturedLogsValue {
  readonly logKey: readonly string[];
  readonly stdout: string | null;
  readonly stderr: string | null;
  readonly cursor: string | null;
}
const CapturedLogs = builder.objectRef<CapturedLogsValue>('CapturedLogs');
CapturedLogs.implement({
  fields: (t) => ({
    logKey: t.stringList({ resolve: ({ logKey }) => [...logKey] }),
    stdout: t.exposeString('stdout', { nullable: true }),
    stderr: t.exposeString('stderr', { nullable: true }),
    cursor: t.exposeString('cursor', { nullable: true }),
  }),
});

/** Bytes of one stream in one answer at most. */
const MAX_BYTES = 1_000_000;

/** `<offset in stdout>:<offset in stderr>` */
function parseCursor(cursor: string | null | undefined): [number, number] {
  const [out = '0', err = '0'] = (cursor ?? '0:0').split(':');
  return [Number(out) || 0, Number(err) || 0];
}

builder.queryField('capturedLogs', (t) =>
  t.field({
    type: CapturedLogs,
    args: { logKey: t.arg.stringList({ required: true }), cursor: t.arg.string(), limit: t.arg.int() },
    resolve: async (_root, { logKey, cursor, limit }, { instance }) => {
      const key = fromLogKey(logKey);
      if (key === undefined)
        throw new ClientFacingError(
          `logKey ${JSON.stringify(logKey)} names no captured log; take it from a LogsCapturedEvent.`,
        );
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
      };
    },
  }),
);
