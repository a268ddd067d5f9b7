import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { minutesOfRule } from './parse-rule-expression';

interface FakeTarget {
  readonly Id: string;
  readonly Arn: string;
}

export interface FakeRule {
  readonly Name: string;
  readonly ScheduleExpression: string;
  readonly Description?: string;
  readonly State: 'ENABLED' | 'DISABLED';
  readonly targets: Map<string, FakeTarget>;
}

type Body = Readonly<Record<string, unknown>>;

/** What a call is answered with instead of being done. */
export interface Fault {
  readonly operation: string;
  /** AWS's name of the error; `failed-entry` lets the call succeed and its target fail. */
  readonly error: string;
  readonly status?: number;
}

class Refusal extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * EventBridge's rules on one default bus: the JSON protocol of the SDK, its checks of names and expressions, pages,
 * quota, and the rule that what has targets is not deleted.
 */
export class FakeEventBridge {
  readonly rules = new Map<string, FakeRule>();
  /** Operations that were asked for, with the rule they are about, also those that failed. */
  readonly calls: { readonly operation: string; readonly rule: string | undefined }[] = [];
  /** Faults still to happen, each once. */
  readonly faults: Fault[] = [];
  /** Called before each operation is done, for what happens at the same time. */
  before: (operation: string, rule: string | undefined) => void = () => {};
  pageSize = 100;
  quota = 300;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(body));
      });
    });
  }

  /** A client whose own retries are off, so that calls can be counted. */
  async start(): Promise<EventBridgeClient> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    return new EventBridgeClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Names of the rules that fire in a minute of the UTC day, with the functions they call. */
  firing(minuteOfDay: number): readonly { readonly rule: string; readonly arn: string }[] {
    return [...this.rules.values()].flatMap(({ Name, ScheduleExpression, State, targets }) => {
      if (State === 'DISABLED' || !minutesOfRule(ScheduleExpression).has(minuteOfDay)) return [];
      return [...targets.values()].map(({ Arn }) => ({ rule: Name, arn: Arn }));
    });
  }

  /** Operations that change something. */
  get changes(): readonly string[] {
    return this.calls.flatMap(({ operation }) => (operation.startsWith('List') ? [] : operation));
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
    const operation = String(request.headers['x-amz-target']).replace('AWSEvents.', '');
    const rule = (body.Name ?? body.Rule) as string | undefined;
    this.calls.push({ operation, rule });
    try {
      this.before(operation, rule);
      const at = this.faults.findIndex((fault) => fault.operation === operation);
      const [fault] = at < 0 ? [] : this.faults.splice(at, 1);
      if (fault?.error === 'failed-entry') {
        const entry = { ErrorCode: 'ConcurrentModificationException', ErrorMessage: 'in use', TargetId: 'x' };
        return { status: 200, body: { FailedEntryCount: 1, FailedEntries: [entry] } };
      }
      if (fault !== undefined) throw new Refusal(fault.error, 'Rate exceeded', fault.status);
      return { status: 200, body: this.do(operation, body) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: { __type: error.code, message: error.message } };
    }
  }

  private do(operation: string, body: Body): unknown {
    switch (operation) {
      case 'ListRules':
        return this.listRules(body);
      case 'PutRule':
        return this.putRule(body);
      case 'DeleteRule':
        return this.deleteRule(body.Name as string);
      case 'DisableRule': {
        const rule = this.rule(body.Name as string);
        this.rules.set(rule.Name, { ...rule, State: 'DISABLED' });
        return {};
      }
      case 'ListTargetsByRule':
        return { Targets: [...this.rule(body.Rule as string).targets.values()] };
      case 'PutTargets': {
        const { targets } = this.rule(body.Rule as string);
        for (const target of body.Targets as FakeTarget[]) targets.set(target.Id, target);
        return { FailedEntryCount: 0, FailedEntries: [] };
      }
      case 'RemoveTargets': {
        const { targets } = this.rule(body.Rule as string);
        for (const id of body.Ids as string[]) targets.delete(id);
        return { FailedEntryCount: 0, FailedEntries: [] };
      }
      default:
        throw new Refusal('UnknownOperationException', operation);
    }
  }

  private rule(name: string): FakeRule {
    const rule = this.rules.get(name);
    if (rule === undefined) throw new Refusal('ResourceNotFoundException', `Rule ${name} does not exist.`);
    return rule;
  }

  private listRules({ NamePrefix = '', NextToken, Limit = 100 }: Body): unknown {
    const names = [...this.rules.keys()].sort().filter((name) => name.startsWith(NamePrefix as string));
    const from = NextToken === undefined ? 0 : names.findIndex((name) => name > (NextToken as string));
    if (from < 0) return { Rules: [] };
    const page = names.slice(from, from + Math.min(Number(Limit), this.pageSize));
    const isLast = from + page.length >= names.length;
    const Rules = page.map((name) => ({ ...this.rule(name), targets: undefined, EventBusName: 'default' }));
    return { Rules, ...(isLast ? {} : { NextToken: page.at(-1) }) };
  }

  private putRule({ Name, ScheduleExpression, Description, State = 'ENABLED' }: Body): unknown {
    const name = Name as string;
    const expression = ScheduleExpression as string;
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) throw new Refusal('ValidationException', `name ${name}`);
    try {
      minutesOfRule(expression);
    } catch {
      throw new Refusal('ValidationException', 'Parameter ScheduleExpression is not valid.');
    }
    const known = this.rules.get(name);
    if (known === undefined && this.rules.size >= this.quota) {
      throw new Refusal(
        'LimitExceededException',
        'The requested resource exceeds the maximum number allowed.',
      );
    }
    this.rules.set(name, {
      Name: name,
      ScheduleExpression: expression,
      ...(Description === undefined ? {} : { Description: Description as string }),
      State: State as FakeRule['State'],
      targets: known?.targets ?? new Map(),
    });
    return { RuleArn: `arn:aws:events:eu-central-1:123456789012:rule/${name}` };
  }

  private deleteRule(name: string): unknown {
    if ((this.rules.get(name)?.targets.size ?? 0) > 0) {
      throw new Refusal('ValidationException', "Rule can't be deleted since it has targets.");
    }
    this.rules.delete(name);
    return {};
  }
}
