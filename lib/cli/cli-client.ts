import { CLIENT_HEADER } from '../api/canceled-by';
import { type ClientOptions, createClient, type HeadraceClient } from '../client';

/** A client that says that it is the CLI, so that what it does can be told from what other programs do. */
export function createCliClient(options: Omit<ClientOptions, 'headers'>): HeadraceClient {
  return createClient({ ...options, headers: { [CLIENT_HEADER]: 'cli' } });
}
