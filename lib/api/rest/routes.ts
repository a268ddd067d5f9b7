import type { Route } from './operation';
import { createApiToken, listApiTokens, revokeApiToken } from './routes/api-tokens';
import {
  changeBackfill,
  getBackfill,
  listBackfillEvents,
  listBackfills,
  reexecuteBackfill,
} from './routes/backfills';
import { cancelRun } from './routes/cancel-run';
import { getCodeLocationDifference, rollBackCodeLocation } from './routes/code-location-versions';
import { debugRun } from './routes/debug-run';
import { failRun } from './routes/fail-run';
import { getHealth } from './routes/get-health';
import { getInstance } from './routes/get-instance';
import { getOpenapi } from './routes/get-openapi';
import { getRun } from './routes/get-run';
import { launchBackfill, previewBackfill } from './routes/launch-backfill';
import { launchRun } from './routes/launch-run';
import { listAudit } from './routes/list-audit';
import { listCodeLocations } from './routes/list-code-locations';
import { listRunEvents } from './routes/list-run-events';
import { listRuns } from './routes/list-runs';
import { pauseInstance } from './routes/pause-instance';
import { readStepLogs } from './routes/read-step-logs';
import { receiveWebhook } from './routes/receive-webhook';
import { reexecuteRun } from './routes/reexecute-run';
import { reportAssetCheck } from './routes/report-asset-check';
import { reportMaterialization } from './routes/report-materialization';
import { reportObservation } from './routes/report-observation';
import { resumeInstance } from './routes/resume-instance';
import { listSensorEvents, replaySensorEvents, sendSensorEvent } from './routes/sensor-events';

/** The whole REST API: what is served where, and the role that each route needs. */
export const ROUTES: readonly Route[] = [
  { method: 'POST', path: '/api/runs', role: 'launcher', operation: launchRun },
  { method: 'GET', path: '/api/runs', role: 'viewer', operation: listRuns },
  { method: 'GET', path: '/api/runs/{id}', role: 'viewer', operation: getRun },
  { method: 'POST', path: '/api/runs/{id}/cancel', role: 'launcher', operation: cancelRun },
  { method: 'POST', path: '/api/runs/{id}/fail', role: 'editor', operation: failRun },
  { method: 'POST', path: '/api/runs/{id}/reexecute', role: 'launcher', operation: reexecuteRun },
  { method: 'GET', path: '/api/runs/{id}/debug', role: 'editor', operation: debugRun },
  { method: 'GET', path: '/api/runs/{id}/events', role: 'viewer', operation: listRunEvents },
  { method: 'GET', path: '/api/runs/{id}/logs', role: 'viewer', operation: readStepLogs },
  { method: 'POST', path: '/api/backfills', role: 'launcher', operation: launchBackfill },
  { method: 'GET', path: '/api/backfills', role: 'viewer', operation: listBackfills },
  { method: 'POST', path: '/api/backfills/preview', role: 'viewer', operation: previewBackfill },
  { method: 'GET', path: '/api/backfills/{id}', role: 'viewer', operation: getBackfill },
  { method: 'GET', path: '/api/backfills/{id}/events', role: 'viewer', operation: listBackfillEvents },
  { method: 'POST', path: '/api/backfills/{id}/change', role: 'launcher', operation: changeBackfill },
  { method: 'POST', path: '/api/backfills/{id}/reexecute', role: 'launcher', operation: reexecuteBackfill },
  {
    method: 'POST',
    path: '/api/assets/{key+}/materializations',
    role: 'editor',
    operation: reportMaterialization,
  },
  { method: 'POST', path: '/api/assets/{key+}/observations', role: 'editor', operation: reportObservation },
  { method: 'POST', path: '/api/assets/{key+}/checks/{name}', role: 'editor', operation: reportAssetCheck },
  {
    method: 'POST',
    path: '/api/sensors/{location}/{sensor}/events',
    role: 'launcher',
    operation: sendSensorEvent,
  },
  {
    method: 'GET',
    path: '/api/sensors/{location}/{sensor}/events',
    role: 'viewer',
    operation: listSensorEvents,
  },
  {
    method: 'POST',
    path: '/api/sensors/{location}/{sensor}/events/replay',
    role: 'launcher',
    operation: replaySensorEvents,
  },
  // Whoever sends it proves by its signature that they may.
  { method: 'POST', path: '/api/webhooks/{location}/{sensor}', role: null, operation: receiveWebhook },
  { method: 'GET', path: '/api/code-locations', role: 'viewer', operation: listCodeLocations },
  {
    method: 'GET',
    path: '/api/code-locations/{name}/difference',
    role: 'viewer',
    operation: getCodeLocationDifference,
  },
  {
    method: 'POST',
    path: '/api/code-locations/{name}/rollback',
    role: 'admin',
    operation: rollBackCodeLocation,
  },
  { method: 'GET', path: '/api/instance', role: 'viewer', operation: getInstance },
  { method: 'POST', path: '/api/instance/pause', role: 'admin', operation: pauseInstance },
  { method: 'POST', path: '/api/instance/resume', role: 'admin', operation: resumeInstance },
  { method: 'POST', path: '/api/tokens', role: 'admin', operation: createApiToken },
  { method: 'GET', path: '/api/tokens', role: 'admin', operation: listApiTokens },
  { method: 'POST', path: '/api/tokens/{id}/revoke', role: 'admin', operation: revokeApiToken },
  { method: 'GET', path: '/api/audit', role: 'admin', operation: listAudit },
  { method: 'GET', path: '/api/openapi.json', role: null, operation: getOpenapi(() => ROUTES) },
  { method: 'GET', path: '/healthz', role: null, operation: getHealth },
];
