/** The test's Lambda functions. */

/** Behind the HTTP API: echoes the request, and what the function runs on. */
export const api = async (event) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    method: event.requestContext.http.method,
    path: event.rawPath,
    body: event.body ?? null,
    node: process.version,
    dataApi: process.env.AWS_ENDPOINT_URL_RDS_DATA ?? null,
    cluster: process.env.CLUSTER_ARN,
    secret: process.env.SECRET_ARN,
  }),
});

/** Called by state machines: throws an error of the name asked for, or echoes. */
export const work = async (event) => {
  if (event?.error === undefined) return { echoed: event };
  const error = new Error(`asked to fail with ${event.error}`);
  error.name = event.error;
  throw error;
};

/** Makes an attempt's secret for the run coordinator. */
export const issueToken = async ({ runId, attempt }) => ({ attemptToken: `token of ${runId}-${attempt}` });

/** Target of the rule and of the queue: one log line per event. */
export const record = async (event) => {
  console.log('RECORDED', JSON.stringify({ at: Date.now(), event }));
};
