import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import type { Manifest } from '../../model/manifest';
import {
  bundleObject,
  type RegisterCodeLocationInput,
  type RegisterCodeLocationReply,
} from '../../model/pushed-code-location';
import { PortError } from '../../ports/errors';
import { toAwsServiceError } from './aws-service-error';
import { crashOf } from './crash-of';
import { createS3ObjectStore } from './s3-object-store';

export interface DeployedBundlesOptions {
  readonly region: string;
  readonly bucket: string;
  /** Name of the function that brings versions into force. */
  readonly registerFunction: string;
}

/** The code of a deployment, as whoever pushes sees it. Every method throws `AwsServiceError` or `PortError`. */
export interface DeployedBundles {
  /** Whether a version is there, whole: its manifest is written last. */
  has(bundleHash: string): Promise<boolean>;
  upload(bundleHash: string, archive: Uint8Array, manifest: Manifest): Promise<void>;
  readManifest(bundleHash: string): Promise<Manifest>;
  /** Brings a version into force; what the deployment refuses is an answer. */
  register(input: RegisterCodeLocationInput): Promise<RegisterCodeLocationReply>;
  close(): void;
}

/** Longer than the function's own deadline of two minutes, so that its words are heard. */
const REGISTER_TIMEOUT_MS = 130_000;

export function createDeployedBundles(options: DeployedBundlesOptions): DeployedBundles {
  const { region, bucket, registerFunction } = options;
  const s3 = new S3Client({ region });
  const lambda = new LambdaClient({ region });
  const store = createS3ObjectStore({ client: s3, buckets: {}, defaultBucket: bucket });
  return {
    async has(bundleHash) {
      return (await store.list(bundleObject.manifest(bundleHash), { limit: 1 })).length > 0;
    },
    async upload(bundleHash, archive, manifest) {
      await store.put(bundleObject.archive(bundleHash), archive);
      await store.put(bundleObject.manifest(bundleHash), new TextEncoder().encode(JSON.stringify(manifest)));
    },
    async readManifest(bundleHash) {
      const key = bundleObject.manifest(bundleHash);
      const body = await store.get(key);
      if (body !== undefined) return JSON.parse(new TextDecoder().decode(body)) as Manifest;
      throw new PortError(
        'permanent',
        `There is no object s3://${bucket}/${key}: the version was deleted, or the bucket is another deployment's.`,
      );
    },
    async register(input) {
      try {
        const answer = await lambda.send(
          new InvokeCommand({
            FunctionName: registerFunction,
            Payload: new TextEncoder().encode(JSON.stringify(input)),
          }),
          { requestTimeout: REGISTER_TIMEOUT_MS },
        );
        const text = new TextDecoder().decode(answer.Payload);
        if (answer.FunctionError === undefined) return JSON.parse(text) as RegisterCodeLocationReply;
        throw new PortError(
          'transient',
          `Function ${registerFunction} ended before it answered: ${crashOf(text)}. Its log group in CloudWatch has the details.`,
        );
      } catch (error) {
        if (error instanceof PortError) throw error;
        throw toAwsServiceError({ service: 'Lambda', operation: 'Invoke', subject: registerFunction }, error);
      }
    },
    close() {
      s3.destroy();
      lambda.destroy();
    },
  };
}
