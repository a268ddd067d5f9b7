import { type SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { ExecutionInput } from '../../model/execution-input';
import type { RunCoordinator } from '../../ports/run-coordinator';
import { awsErrorCode, toAwsServiceError } from './aws-service-error';

/** Longest cause that Step Functions keeps, in characters. */
const MAX_CAUSE = 32_768;

/**
 * Step Functions Standard: a name is used once in 90 days, which makes a repeated start harmless.
 *
 * @throws {AwsServiceError} from both methods
 */
export class StepFunctionsRunCoordinator implements RunCoordinator {
  private readonly client: SFNClient;
  private readonly stateMachineArn: string;

  constructor(options: { readonly client: SFNClient; readonly stateMachineArn: string }) {
    this.client = options.client;
    this.stateMachineArn = options.stateMachineArn;
  }

  async startExecution(name: string, input: ExecutionInput): Promise<void> {
    try {
      await this.client.send(
        new StartExecutionCommand({
          stateMachineArn: this.stateMachineArn,
          name,
          input: JSON.stringify(input),
        }),
      );
    } catch (error) {
      // It ran, or runs with an input that only differs in how it was written.
      if (awsErrorCode(error) === 'ExecutionAlreadyExists') return;
      throw toAwsServiceError(
        { service: 'Step Functions', operation: 'StartExecution', subject: name },
        error,
      );
    }
  }

  async stopExecution(name: string, cause: string): Promise<void> {
    try {
      await this.client.send(
        new StopExecutionCommand({
          executionArn: executionArn(this.stateMachineArn, name),
          error: 'Headrace.Stopped',
          cause: cause.slice(0, MAX_CAUSE),
        }),
      );
    } catch (error) {
      if (awsErrorCode(error) === 'ExecutionDoesNotExist') return;
      throw toAwsServiceError(
        { service: 'Step Functions', operation: 'StopExecution', subject: name },
        error,
      );
    }
  }
}

/** `arn:…:stateMachine:name` → `arn:…:execution:name:execution`. */
const executionArn = (stateMachineArn: string, name: string): string =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
