import { generateKeyPair } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** PEM files of one RSA key pair. */
export interface KeyPairFiles {
  /** PKCS#8, readable by the owner only. */
  readonly privateKeyFile: string;
  /** SPKI, what is registered with the user (`ALTER USER ... SET RSA_PUBLIC_KEY`). */
  readonly publicKeyFile: string;
}

// Snowflake's minimum.
const MODULUS_BITS = 2048;

/**
 * Makes an RSA key pair for local development, unless there is one: `<path>.p8` and `<path>.pub`.
 *
 * @example const { privateKeyFile } = await ensureKeyPair('.headrace/snowflake_key');
 */
export async function ensureKeyPair(path: string): Promise<KeyPairFiles> {
  const files: KeyPairFiles = { privateKeyFile: `${path}.p8`, publicKeyFile: `${path}.pub` };
  if (await bothExist(files)) return files;
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: MODULUS_BITS,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await mkdir(dirname(path), { recursive: true });
  await write(files.privateKeyFile, privateKey, 0o600);
  await write(files.publicKeyFile, publicKey, 0o644);
  return files;
}

async function bothExist(files: KeyPairFiles): Promise<boolean> {
  const found = await Promise.allSettled([access(files.privateKeyFile), access(files.publicKeyFile)]);
  return found.every((result) => result.status === 'fulfilled');
}

async function write(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, text, { mode });
  await rename(temporary, file);
}
