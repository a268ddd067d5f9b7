/** What the test's ECS task does, by MODE; its first line shows the environment that the harness promises. */
const {
  MODE = 'succeed',
  AWS_ENDPOINT_URL,
  AWS_ENDPOINT_URL_RDS_DATA,
  WORKER_SECRET,
  HEADRACE_ATTEMPT_TOKEN,
} = process.env;
console.log(
  JSON.stringify({
    mode: MODE,
    endpoint: AWS_ENDPOINT_URL,
    dataApi: AWS_ENDPOINT_URL_RDS_DATA,
    secretLength: WORKER_SECRET?.length,
    attemptToken: HEADRACE_ATTEMPT_TOKEN,
  }),
);

if (MODE === 'fail') {
  console.error('the worker fails');
  process.exitCode = 1;
}
if (MODE === 'hang') await new Promise((resolve) => setTimeout(resolve, 120_000));
if (MODE === 'flush') {
  // Takes a while to end after SIGTERM, with a code of its own.
  process.on('SIGTERM', () => setTimeout(() => process.exit(7), 1_500));
  await new Promise((resolve) => setTimeout(resolve, 120_000));
}
if (MODE === 'ignore') {
  process.on('SIGTERM', () => console.log('SIGTERM ignored'));
  await new Promise((resolve) => setTimeout(resolve, 120_000));
}
