import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type {
  CodeLocationCall,
  CodeLocationReply,
  CodeLocationRequest,
  CodeLocationResponses,
} from '../../model/code-location';
import { type CodeLocationClient, userCodeError } from '../../ports/code-location-client';
import { PortError } from '../../ports/errors';
import { toAwsServiceError } from './aws-service-error';
import { crashOf } from './crash-of';

export interface LambdaCodeLocationClientOptions {
  readonly client: LambdaClient;
  /** Location to the name of the function that holds its code. */
  readonly functions: Readonly<Record<string, string>>;
}

/**
 * Asks the function that holds a location's code. It loads the bundle that the request names, once for each of its
 * processes.
 */
export function createLambdaCodeLocationClient(options: LambdaCodeLocationClientOptions): CodeLocationClient {
  const { client, functions } = options;

  async function invoke(location: string, call: CodeLocationCall): Promise<CodeLocationReply> {
    const name = functions[location];
    if (name === undefined) {
      throw new PortError(
        'permanent',
        `No function holds code location '${location}': it is in no deployment yet. Run cdk deploy after adding it to workspace.yaml.`,
      );
    }
    const about = { service: 'Lambda', operation: 'Invoke', subject: name };
    try {
      const answer = await client.send(
        new InvokeCommand({ FunctionName: name, Payload: new TextEncoder().encode(JSON.stringify(call)) }),
        // Beyond the function's own deadline, so that its words are heard.
        { requestTimeout: (call.timeoutSeconds + 5) * 1000 },
      );
      const text = new TextDecoder().decode(answer.Payload);
      if (answer.FunctionError === undefined) return JSON.parse(text) as CodeLocationReply;
      throw new PortError(
        'transient',
        `Code location '${location}' (function ${name}) ended before it answered: ${crashOf(text)}`,
      );
    } catch (error) {
      throw error instanceof PortError ? error : toAwsServiceError(about, error);
    }
  }

  return {
    async call<K extends CodeLocationRequest['kind']>(
      location: string,
      bundleHash: string,
      request: Extract<CodeLocationRequest, { kind: K }>,
      { timeoutSeconds }: { readonly timeoutSeconds: number },
    ): Promise<CodeLocationResponses[K]> {
      const reply = await invoke(location, { bundleHash, request, timeoutSeconds });
      // What a function answers to a kind of request is that kind's response.
      if (reply.ok) return reply.value as unknown as CodeLocationResponses[K];
      throw userCodeError(location, request, reply);
    },
  };
}
