/** Starts a worker pool, prints its pid, gives it one message and stays until it is killed. */
import { spawn } from 'node:child_process';

const pool = spawn(process.execPath, [process.argv[2], '--pool'], {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
});
pool.send(JSON.parse(process.env.POOL_MESSAGE));
process.stdout.write(`${pool.pid}\n`);
