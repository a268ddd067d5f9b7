import { dirname, join } from 'node:path';
import { ROOT } from '../../build-programs';

/** The one account and region of the emulator. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

type Environment = Readonly<Record<string, string>>;

/** This very Node first, so that functions, tasks and the CDK run on it. */
const PATH = `${dirname(process.execPath)}:${process.env.PATH ?? ''}`;

/** What AWS's SDKs and the CDK CLI read. */
export function clientEnvironment(endpoint: string, dataApiUrl: string | undefined): Environment {
  return {
    PATH,
    ...(process.env.HOME === undefined ? {} : { HOME: process.env.HOME }),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    ...dataApi(dataApiUrl),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: REGION,
    CDK_DISABLE_CLI_TELEMETRY: '1',
    // The emulator's registry says that it holds every image, so the CLI builds none. Should that change, fail at once.
    CDK_DOCKER: 'false',
  };
}

/** What the emulator itself reads. Its functions inherit it, so it holds nothing of the machine's but PATH. */
export function serverEnvironment(options: {
  readonly port: number;
  readonly enginePort: number;
  readonly temporaryDirectory: string;
  readonly faultsFile: string;
  readonly dataApiUrl: string | undefined;
}): Environment {
  return {
    PATH,
    HOME: options.temporaryDirectory,
    TMPDIR: options.temporaryDirectory,
    PYTHONDONTWRITEBYTECODE: '1',
    GATEWAY_PORT: String(options.port),
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: 'localhost',
    MINISTACK_ACCOUNT_ID: ACCOUNT,
    MINISTACK_REGION: REGION,
    LAMBDA_EXECUTOR: 'local',
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    S3_DATA_DIR: join(options.temporaryDirectory, 's3'),
    STATE_DIR: join(options.temporaryDirectory, 'state'),
    DOCKER_HOST: `tcp://127.0.0.1:${options.enginePort}`,
    // Of one call to the engine; stopping a container adds its grace period.
    MINISTACK_DOCKER_TIMEOUT: '30',
    // Functions that CDK itself deploys take the SDK from the runtime.
    NODE_PATH: join(ROOT, 'node_modules'),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    HEADRACE_RUN_TASK_FAULTS: options.faultsFile,
    ...dataApi(options.dataApiUrl),
  };
}

/** What every container gets below its task's own variables: what Fargate sets, and the endpoint of the Data API. */
export function containerEnvironment(
  temporaryDirectory: string,
  dataApiUrl: string | undefined,
): Environment {
  return {
    PATH,
    HOME: temporaryDirectory,
    TMPDIR: temporaryDirectory,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    ...dataApi(dataApiUrl),
  };
}

const dataApi = (url: string | undefined): Environment =>
  url === undefined ? {} : { AWS_ENDPOINT_URL_RDS_DATA: url };
