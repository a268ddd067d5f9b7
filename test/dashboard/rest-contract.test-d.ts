/**
 * What the dashboard reads from the REST API is what the API's client says that it answers. Checked by
 * `npm run typecheck`; nothing here runs.
 */
import type {
  ApiToken,
  CodeDifference,
  CodeLocationVersions,
  NewToken,
} from '../../dashboard/src/features/deployment/rest-api';
import type { ApiTokenView, CodeLocationDifference, CodeLocationView, NewApiToken } from '../../lib/client';

type Fits<From, To> = [From] extends [To] ? true : false;
function holds<_T extends true>(): void {}

holds<Fits<ApiTokenView, ApiToken>>();
holds<Fits<NewToken, NewApiToken>>();
holds<Fits<CodeLocationView, CodeLocationVersions>>();
holds<Fits<CodeLocationDifference, CodeDifference>>();
