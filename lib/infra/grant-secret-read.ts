import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';

/**
 * Lets a role read a secret, by the role's own policy. `secret.grantRead` would name the role in the key's policy,
 * and so make the stack with the data depend on the one that uses it.
 */
export function grantSecretRead(secret: Secret, key: Key, grantee: IGrantable): void {
  Grant.addToPrincipal({
    grantee,
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
    resourceArns: [secret.secretArn],
  });
  key.grantDecrypt(grantee);
}
