import { definitionNames, differenceOf } from '../model/definition-names';
import { API_VERSION, type Manifest } from '../model/manifest';
import {
  BUNDLE_HASH,
  bundleObject,
  CODE_LOCATION_NAMESPACE,
  type PushedCodeLocation,
  type RegisterCodeLocationInput,
  type RegisterCodeLocationReply,
  withVersion,
} from '../model/pushed-code-location';
import { toSerializableError } from '../model/serializable-error';
import { isTransient } from '../ports/errors';
import { asSystem, type Instance } from '../ports/instance';
import { applyPoolLimits } from './apply-pool-limits';
import type { EngineSettings } from './engine-settings';
import { CodeLocationRefusedError } from './errors';
import { reconcileScheduler } from './reconcile-scheduler';

/** What new code gets to load in, beginning with its download. */
const LOAD_TIMEOUT_SECONDS = 90;
/** So often is a version put in force anew because somebody else's push came between. */
const MAX_ROUNDS = 5;

/**
 * Puts pushed code in force, or one of its earlier versions: its parts must be there and its code must load and
 * define what its manifest says. What does not leaves the version in force as it is, and is shown as the location's
 * error.
 *
 * @throws {PortError} transient: nothing was changed, or the change is to be followed up by another try
 */
export async function registerCodeLocation(
  instance: Instance,
  settings: EngineSettings,
  input: RegisterCodeLocationInput,
): Promise<RegisterCodeLocationReply> {
  const { location, by } = input;
  const before = await readLocation(instance, location);
  const bundleHash = 'rollbackTo' in input ? input.rollbackTo : input.bundleHash;
  try {
    await checkInput(instance, before, input, bundleHash);
    await checkBundle(instance, location, bundleHash);
  } catch (error) {
    // What may pass says nothing of the code.
    if (isTransient(error)) throw error;
    const refusal = toSerializableError(error);
    // Not for a name that nobody deployed: that would be remembered for ever.
    if (await isDeployed(instance, location)) {
      await change(instance, location, (current) => ({
        ...(current ?? { bundleHash: null, versions: [] }),
        error: refusal,
        updatedAt: instance.clock.now(),
      }));
    }
    return { ok: false, location, error: refusal, bundleHash: before?.bundleHash ?? null };
  }
  const version = { bundleHash, pushedAt: instance.clock.now(), by };
  await change(instance, location, (current) => withVersion(current, version));
  await applyPoolLimits(asSystem(instance), settings);
  await reconcileScheduler(instance, settings);
  // What is new is looked at now: a schedule or sensor acts from its first evaluation on.
  await instance.scheduler.setAlarm(instance.clock.now(), null);
  return { ok: true, location, bundleHash, previous: before?.bundleHash ?? null };
}

async function readLocation({ storage }: Instance, name: string): Promise<PushedCodeLocation | undefined> {
  return (await storage.getValue(CODE_LOCATION_NAMESPACE, name)) as PushedCodeLocation | undefined;
}

const isDeployed = async ({ codeLocations }: Instance, name: string): Promise<boolean> =>
  (await codeLocations.get(name)) !== undefined;

async function checkInput(
  instance: Instance,
  before: PushedCodeLocation | undefined,
  input: RegisterCodeLocationInput,
  bundleHash: string,
): Promise<void> {
  const { location } = input;
  if (!(await isDeployed(instance, location))) {
    throw new CodeLocationRefusedError(
      location,
      'it is in no deployment. Add it to workspace.yaml and run cdk deploy first.',
    );
  }
  if (!BUNDLE_HASH.test(bundleHash)) {
    throw new CodeLocationRefusedError(location, `'${bundleHash}' is no version of a bundle.`);
  }
  if (!('rollbackTo' in input)) return;
  const known = (before?.versions ?? []).map((version) => version.bundleHash);
  if (known.includes(bundleHash)) return;
  throw new CodeLocationRefusedError(
    location,
    `${bundleHash} is none of its versions: ${known.join(', ') || 'it has none'}.`,
  );
}

async function checkBundle(instance: Instance, location: string, bundleHash: string): Promise<void> {
  const manifest = await readManifest(instance, location, bundleHash);
  if (manifest.location !== location) {
    throw new CodeLocationRefusedError(location, `the manifest is that of '${manifest.location}'.`);
  }
  if (manifest.apiVersion !== API_VERSION) {
    throw new CodeLocationRefusedError(
      location,
      `it was built for version ${manifest.apiVersion} of the interface; this deployment knows ${API_VERSION}. Build it with the deployment's version of headrace, or deploy the newer one.`,
    );
  }
  const found = await instance.codeLocationClient.call<'definition-names'>(
    location,
    bundleHash,
    { kind: 'definition-names' },
    { timeoutSeconds: LOAD_TIMEOUT_SECONDS },
  );
  const difference = differenceOf(definitionNames(manifest), found);
  if (difference === undefined) return;
  throw new CodeLocationRefusedError(
    location,
    `the manifest is not that of the code: ${difference}. What a location defines must not depend on the machine or its environment.`,
  );
}

async function readManifest(
  { objectStore }: Instance,
  location: string,
  bundleHash: string,
): Promise<Manifest> {
  const [archive] = await objectStore.list(bundleObject.archive(bundleHash), { limit: 1 });
  const body = await objectStore.get(bundleObject.manifest(bundleHash));
  const missing =
    archive === undefined
      ? bundleObject.archive(bundleHash)
      : body === undefined
        ? bundleObject.manifest(bundleHash)
        : undefined;
  if (missing !== undefined) {
    throw new CodeLocationRefusedError(location, `${missing} was not uploaded. Push it again.`);
  }
  try {
    return JSON.parse(new TextDecoder().decode(body)) as Manifest;
  } catch {
    throw new CodeLocationRefusedError(
      location,
      `${bundleObject.manifest(bundleHash)} is no JSON. Push it again.`,
    );
  }
}

/** Changes what is stored of a location, whoever else does so at the same time. */
async function change(
  instance: Instance,
  name: string,
  to: (current: PushedCodeLocation | undefined) => PushedCodeLocation,
): Promise<void> {
  const { storage } = instance;
  for (let round = 1; ; round += 1) {
    const current = await readLocation(instance, name);
    const wanted = to(current);
    const isDone =
      current === undefined
        ? await storage.insertValue(CODE_LOCATION_NAMESPACE, name, wanted)
        : await storage.replaceValue(CODE_LOCATION_NAMESPACE, name, current, wanted);
    if (isDone) return;
    if (round === MAX_ROUNDS) {
      throw new CodeLocationRefusedError(name, 'others keep pushing it at the same time. Push it again.');
    }
  }
}
