import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type SearchSchemaInput,
} from '@tanstack/react-router';
import { LoadingRows } from '../components/panel-states';
import * as overview from '../features/overview/overview-page';
import { NotFound, PageFailed } from './page-failed';
import { Shell } from './shell';

/** Every search parameter is a string; pages read the keys that they know. */
type Search = Readonly<Record<string, string | undefined>>;
const validateSearch = (search: Search & SearchSchemaInput): Search => search;

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, validateSearch });

const page = <Path extends string>(path: Path, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load as () => Promise<Record<string, React.ComponentType>>, name),
  });

const routeTree = root.addChildren([
  // With the shell rather than in a file of its own: it is the page that opens first.
  page('/', async () => overview, 'OverviewPage'),
  page('/runs', () => import('../features/runs/runs-page'), 'RunsPage'),
  page('/runs/$runId', () => import('../features/run/run-page'), 'RunPage'),
  page('/backfills', () => import('../features/backfills/backfills-page'), 'BackfillsPage'),
  page('/backfills/$backfillId', () => import('../features/backfills/backfill-page'), 'BackfillPage'),
  page('/assets/', () => import('../features/assets/assets-page'), 'AssetsPage'),
  page('/assets/$', () => import('../features/assets/asset-page'), 'AssetPage'),
  page('/lineage', () => import('../features/lineage/lineage-page'), 'LineagePage'),
  page('/jobs', () => import('../features/jobs/jobs-page'), 'JobsPage'),
  page('/jobs/$location/$name', () => import('../features/jobs/job-page'), 'JobPage'),
  page('/automation', () => import('../features/automation/automation-page'), 'AutomationPage'),
  page('/schedules', () => import('../features/schedules/schedules-page'), 'SchedulesPage'),
  page('/sensors', () => import('../features/sensors/sensors-page'), 'SensorsPage'),
  page('/deployment', () => import('../features/deployment/deployment-page'), 'DeploymentPage'),
  page('/locations/$name', () => import('../features/deployment/location-page'), 'LocationPage'),
  page('/states', () => import('./states-page'), 'StatesPage'),
]);

function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== '') params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

export const router = createRouter({
  routeTree,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingComponent: () => <LoadingRows />,
  defaultErrorComponent: PageFailed,
  defaultNotFoundComponent: NotFound,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
