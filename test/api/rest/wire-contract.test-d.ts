/**
 * The client's types are what the routes' schemas say. Checked by `npm run typecheck`; nothing here runs.
 */
import type { z } from 'zod';
import type { reportedSchema } from '../../../lib/api/rest/answer-report';
import type { instanceSchema } from '../../../lib/api/rest/instance-view';
import type { Problem as ServedProblem } from '../../../lib/api/rest/problem';
import type {
  apiTokenSchema,
  createdApiTokenSchema,
  newApiTokenSchema,
} from '../../../lib/api/rest/routes/api-tokens';
import type {
  codeLocationDifferenceSchema,
  rolledBackSchema,
} from '../../../lib/api/rest/routes/code-location-versions';
import type {
  backfillPreviewSchema,
  launchBackfillBodySchema,
  launchedBackfillSchema,
} from '../../../lib/api/rest/routes/launch-backfill';
import type { launchRunAnswerSchema, launchRunBodySchema } from '../../../lib/api/rest/routes/launch-run';
import type { codeLocationSchema } from '../../../lib/api/rest/routes/list-code-locations';
import type { logPageSchema } from '../../../lib/api/rest/routes/read-step-logs';
import type { reexecuteRunBodySchema } from '../../../lib/api/rest/routes/reexecute-run';
import type { assetCheckReportSchema } from '../../../lib/api/rest/routes/report-asset-check';
import type { materializationReportSchema } from '../../../lib/api/rest/routes/report-materialization';
import type { observationReportSchema } from '../../../lib/api/rest/routes/report-observation';
import type { runSchema, storedEventSchema } from '../../../lib/api/rest/schemas';
import type {
  ApiTokenView,
  AssetCheckReport,
  BackfillPreview,
  CodeLocationDifference,
  CodeLocationView,
  CreatedApiToken,
  InstanceView,
  LaunchBackfillBody,
  LaunchedBackfill,
  LaunchedRun,
  LaunchRunBody,
  LogPage,
  MaterializationReport,
  NewApiToken,
  ObservationReport,
  Problem,
  ReexecuteRunBody,
  Reported,
  RolledBack,
  RunView,
} from '../../../lib/client';
import type { StoredEvent } from '../../../lib/model/event';

type Plain<T> = T extends (infer Item)[] | readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [K in keyof T]: Plain<T[K]> }
    : T;
type Fits<From, To> = [Plain<From>] extends [Plain<To>] ? true : false;
function holds<_T extends true>(): void {}

// What the client sends is what the routes take; what the routes answer is what the client reads.
holds<Fits<LaunchRunBody, z.input<typeof launchRunBodySchema>>>();
holds<Fits<keyof z.input<typeof launchRunBodySchema>, keyof LaunchRunBody>>();
holds<Fits<z.output<typeof launchRunAnswerSchema>, LaunchedRun>>();
holds<Fits<LaunchedRun, z.output<typeof launchRunAnswerSchema>>>();
holds<Fits<LaunchBackfillBody, z.input<typeof launchBackfillBodySchema>>>();
holds<Fits<keyof z.input<typeof launchBackfillBodySchema>, keyof LaunchBackfillBody>>();
holds<Fits<z.output<typeof launchedBackfillSchema>, LaunchedBackfill>>();
holds<Fits<LaunchedBackfill, z.output<typeof launchedBackfillSchema>>>();
holds<Fits<z.output<typeof backfillPreviewSchema>, BackfillPreview>>();
holds<Fits<ReexecuteRunBody, z.input<typeof reexecuteRunBodySchema>>>();
holds<Fits<keyof z.input<typeof reexecuteRunBodySchema>, keyof ReexecuteRunBody>>();
holds<Fits<NewApiToken, z.input<typeof newApiTokenSchema>>>();
holds<Fits<keyof z.input<typeof newApiTokenSchema>, keyof NewApiToken>>();
holds<Fits<z.output<typeof apiTokenSchema>, ApiTokenView>>();
holds<Fits<ApiTokenView, z.output<typeof apiTokenSchema>>>();
holds<Fits<z.output<typeof createdApiTokenSchema>, CreatedApiToken>>();
holds<Fits<z.output<typeof runSchema>, RunView>>();
holds<Fits<RunView, z.output<typeof runSchema>>>();
holds<Fits<z.output<typeof instanceSchema>, InstanceView>>();
holds<Fits<InstanceView, z.output<typeof instanceSchema>>>();
holds<Fits<z.output<typeof codeLocationSchema>, CodeLocationView>>();
holds<Fits<CodeLocationView, z.output<typeof codeLocationSchema>>>();
holds<Fits<z.output<typeof codeLocationDifferenceSchema>, CodeLocationDifference>>();
holds<Fits<CodeLocationDifference, z.output<typeof codeLocationDifferenceSchema>>>();
holds<Fits<z.output<typeof rolledBackSchema>, RolledBack>>();
holds<Fits<z.output<typeof logPageSchema>, LogPage>>();
holds<Fits<LogPage, z.output<typeof logPageSchema>>>();
holds<Fits<MaterializationReport, z.input<typeof materializationReportSchema>>>();
holds<Fits<keyof z.input<typeof materializationReportSchema>, keyof MaterializationReport>>();
holds<Fits<ObservationReport, z.input<typeof observationReportSchema>>>();
holds<Fits<keyof z.input<typeof observationReportSchema>, keyof ObservationReport>>();
holds<Fits<AssetCheckReport, z.input<typeof assetCheckReportSchema>>>();
holds<Fits<keyof z.input<typeof assetCheckReportSchema>, keyof AssetCheckReport>>();
holds<Fits<z.output<typeof reportedSchema>, Reported>>();
holds<Fits<keyof ServedProblem, keyof Problem>>();
holds<Fits<keyof Problem, keyof ServedProblem>>();
holds<Fits<keyof z.output<typeof storedEventSchema>, keyof StoredEvent>>();
holds<Fits<keyof StoredEvent, keyof z.output<typeof storedEventSchema>>>();
