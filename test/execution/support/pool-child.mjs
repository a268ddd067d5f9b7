/**
 * A child of a worker pool that loads no code: a bundle path of the form `<milliseconds>` or `never` says how long
 * loading takes, `broken` that it fails.
 */
import { writeSync } from 'node:fs';

const FRAME_FD = 3;

function send(message) {
  const payload = Buffer.from(JSON.stringify(message));
  const header = Buffer.alloc(5);
  header.writeUInt32BE(payload.length, 0);
  writeSync(FRAME_FD, Buffer.concat([header, payload]));
}

process.on('message', ({ type, bundlePath }) => {
  if (type !== 'load' || bundlePath === 'never') return;
  if (bundlePath === 'broken') {
    send({
      type: 'load-failed',
      error: { name: 'SyntaxError', message: 'no code', stack: null, cause: null },
    });
    return;
  }
  setTimeout(() => send({ type: 'loaded' }), Number(bundlePath));
});
process.on('disconnect', () => process.exit(0));
