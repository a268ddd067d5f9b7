import type { GraphQLSchema } from 'graphql';
import { auditMutations } from './audit/audit-mutations';
import { builder } from './builder';
import './schema/audit';
import './schema/assets/asset-queries';
import './schema/automation';
import './schema/backfill-targets';
import './schema/backfills';
import './schema/captured-logs';
import './schema/config';
import './schema/events';
import './schema/freshness';
import './schema/instance';
import './schema/instance-mutations';
import './schema/instigation';
import './schema/instigation-mutations';
import './schema/launch';
import './schema/metadata';
import './schema/repositories/instigator-queries';
import './schema/repositories/repository';
import './schema/repositories/workspace';
import './schema/runs';

/** The whole GraphQL schema: every file above adds its types when it is loaded. */
export const schema: GraphQLSchema = auditMutations(builder.toSchema());
