import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FakeAws, startFakeAws } from '../services/fake-aws';

/** Stacks by name, each with its outputs. */
export type Stacks = Record<string, Readonly<Record<string, string>>>;

export interface FakeAccount extends Omit<FakeAws, 'url'> {
  /** For AWS_ENDPOINT_URL. */
  readonly url: string;
  /** CloudFormation's; tests change them. */
  readonly stacks: Stacks;
  /** Lambda's limit on functions at once. */
  concurrency: number;
  /** ARNs of roles that nobody may assume. */
  readonly refusedRoles: Set<string>;
  /** Functions that were invoked without waiting, and dry runs. */
  readonly invocations: { readonly name: string; readonly type: string; readonly body: string }[];
}

/** What the CLI asks of an account: the services of `startFakeAws`, and the protocols that those do not speak. */
export async function startFakeAccount(): Promise<FakeAccount> {
  const aws = await startFakeAws();
  const stacks: Stacks = {};
  const invocations: FakeAccount['invocations'] = [];
  const refusedRoles = new Set<string>();
  const account = { concurrency: 1_000 };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const path = request.url ?? '/';
    const type = request.headers['x-amz-invocation-type'];
    const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(path)?.[1];
    if (String(request.headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
      const call = new URLSearchParams(body.toString());
      if (call.get('Action') === 'AssumeRole') return assumeRole(call.get('RoleArn') ?? '', response);
      return describeStack(call.get('StackName') ?? '', response);
    }
    if (path.startsWith('/2016-08-19/account-settings')) {
      const answer = { AccountLimit: { ConcurrentExecutions: account.concurrency } };
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    }
    if (name !== undefined && (type === 'Event' || type === 'DryRun')) {
      if (aws.functions[decodeURIComponent(name)] === undefined) {
        const error = { Message: `Function not found: ${name}`, Type: 'User' };
        return void response
          .writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' })
          .end(JSON.stringify(error));
      }
      invocations.push({ name: decodeURIComponent(name), type, body: body.toString() });
      return void response.writeHead(type === 'Event' ? 202 : 204).end();
    }
    if (request.method === 'HEAD') {
      const bucket = path.split('?')[0]?.replaceAll('/', '') ?? '';
      return void response.writeHead(aws.s3.buckets.has(bucket) ? 200 : 404).end();
    }
    const headers = Object.entries(request.headers).flatMap(([key, value]) =>
      key === 'host' ||
      key === 'connection' ||
      key === 'content-length' ||
      value === undefined ||
      key === 'expect'
        ? []
        : [[key, String(value)] as [string, string]],
    );
    const answer = await fetch(aws.url + path, {
      method: request.method ?? 'GET',
      headers,
      ...(body.length === 0 ? {} : { body }),
    });
    const { status } = answer;
    const answered = Object.fromEntries([...answer.headers].filter(([key]) => key !== 'transfer-encoding'));
    response.writeHead(status, answered).end(Buffer.from(await answer.arrayBuffer()));
  }

  function reply(response: ServerResponse, status: number, xml: string): void {
    response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
  }

  function refuse(response: ServerResponse, status: number, code: string, message: string): void {
    const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
    reply(response, status, `<ErrorResponse>${error}</ErrorResponse>`);
  }

  function assumeRole(arn: string, response: ServerResponse): void {
    if (refusedRoles.has(arn)) {
      const message = `User: arn:aws:iam::123456789012:user/ann is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
      refuse(response, 403, 'AccessDenied', message);
      return;
    }
    const credentials = '<Credentials><AccessKeyId>ASIATEMPORARY</AccessKeyId></Credentials>';
    reply(
      response,
      200,
      `<AssumeRoleResponse><AssumeRoleResult>${credentials}</AssumeRoleResult></AssumeRoleResponse>`,
    );
  }

  function describeStack(stackName: string, response: ServerResponse): void {
    const outputs = stacks[stackName];
    if (outputs === undefined) {
      refuse(response, 400, 'ValidationError', `Stack with id ${stackName} does not exist`);
      return;
    }
    const members = Object.entries(outputs).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    const id = `arn:aws:cloudformation:eu-central-1:123456789012:stack/${stackName}/1`;
    reply(
      response,
      200,
      `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackId>${id}</StackId><StackName>${stackName}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(account, {
    ...aws,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stacks,
    refusedRoles,
    invocations,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await aws.close();
    },
  });
}
