import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct, Dependable } from 'constructs';
import { ControlPlaneFunction } from './control-plane-function';
import { customResourceProvider } from './custom-resource-provider';
import { DATABASE_NAME, type Database } from './database';

export interface SchemaMigrationProps {
  readonly database: Database;
  readonly programs: string;
}

/** A sleeping database takes up to 15 s to wake, and a big index longer to build. */
const TIMEOUT = Duration.minutes(15);

/**
 * Brings the database to the schema of the code that is being deployed, and its users to the passwords of their
 * secrets, before that code serves: everything that needs the database depends on this resource.
 */
export class SchemaMigration extends Construct {
  constructor(scope: Construct, id: string, { database, programs }: SchemaMigrationProps) {
    super(scope, id);
    const migrate = new ControlPlaneFunction(this, 'Migrate', {
      name: 'migrate',
      description: 'brings the database to the schema of this version',
      programs,
      timeout: TIMEOUT,
      environment: {
        HEADRACE_CLUSTER_ARN: database.cluster.clusterArn,
        HEADRACE_DATABASE: DATABASE_NAME,
        HEADRACE_SECRET_ARN: database.ownerSecret.secretArn,
      },
    });
    database.grantOwner(migrate.function);
    const provider = customResourceProvider(this, migrate.function);
    const resource = new CustomResource(this, 'Schema', {
      serviceToken: provider.serviceToken,
      resourceType: 'Custom::HeadraceSchema',
      properties: {
        // A change of the code is a change of the schema, as far as CloudFormation must know.
        code: createHash('sha256')
          .update(readFileSync(join(programs, 'lambdas', 'migrate', 'handler.mjs')))
          .digest('hex'),
        users: [
          { role: 'headrace_app', secretArn: database.appSecret.secretArn },
          { role: 'headrace_worker', secretArn: database.workerSecret.secretArn },
        ],
      },
    });
    resource.node.addDependency(database.cluster);
    // What waits for the migration waits for this one, which has waited for the others.
    Dependable.implement(this, { dependencyRoots: [resource] });
  }
}
