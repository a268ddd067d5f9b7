import { pathToFileURL } from 'node:url';
import type { BundleModule, LoadedDefinitions } from '../definitions/loaded-definitions';
import { API_VERSION } from '../model/manifest';
import { BundleLoadError } from './errors';

/**
 * Imports a bundle. Its code runs now, and stays in this process: a process loads one bundle only.
 *
 * @throws {BundleLoadError} `cause` is what user code threw
 */
export async function loadBundle(bundlePath: string): Promise<LoadedDefinitions> {
  let module: Partial<BundleModule>;
  try {
    module = (await import(pathToFileURL(bundlePath).href)) as Partial<BundleModule>;
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new BundleLoadError(bundlePath, reason, { cause });
  }
  const { definitions } = module;
  if (typeof definitions?.manifest !== 'function') {
    const exported = Object.keys(module).join(', ') || 'nothing';
    throw new BundleLoadError(
      bundlePath,
      `it must export "definitions", made by define(...); it exports: ${exported}`,
    );
  }
  if (definitions.apiVersion !== API_VERSION) {
    throw new BundleLoadError(
      bundlePath,
      `it was built for version ${definitions.apiVersion} of the interface and this program speaks version ${API_VERSION}; build it again with the same version of headrace`,
    );
  }
  return definitions;
}
