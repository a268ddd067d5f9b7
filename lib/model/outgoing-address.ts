/** An address that the deployment is not to call; the message says why, without the path, which may hold a secret. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

/** Names and addresses that are this machine's, a private network's or a cloud's own metadata. */
const PRIVATE_NAMES = /(^|\.)(localhost|local|internal|localdomain|home\.arpa)$/;

/**
 * An address that the control plane calls on its own, checked: HTTPS, no credentials in it, and a public host. A name
 * that resolves to a private address is refused where it is resolved: give each address that was found to
 * `isPublicAddress`.
 *
 * @throws {ForbiddenAddressError}
 */
export function publicUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new ForbiddenAddressError('It is no address.');
  const refuse = (why: string): never => {
    throw new ForbiddenAddressError(`${url.protocol}//${url.host} is not called: ${why}.`);
  };
  if (url.protocol !== 'https:') refuse('it is not HTTPS');
  if (url.username !== '' || url.password !== '') refuse('it holds credentials');
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const isAddress = host.includes(':') || /^[\d.]+$/.test(host);
  if (isAddress ? !isPublicAddress(host) : PRIVATE_NAMES.test(host) || !host.includes('.')) {
    refuse('it is of this machine, a private network or link-local');
  }
  return url;
}

/** Whether an IP address, as the URL parser or a resolver writes it, is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (!address.includes(':')) return isPublicIpv4(address);
  const groups = expandIpv6(address.toLowerCase());
  const [first = 0, second = 0] = groups;
  // IPv4 inside IPv6: mapped, translated (64:ff9b::/96), and 6to4.
  const tail = groups.slice(-2).flatMap((group) => [group >> 8, group & 255]);
  const isZero = groups.slice(0, 5).every((group) => group === 0);
  if (isZero && (groups[5] === 0xffff || groups[5] === 0))
    return groups[5] === 0xffff && isPublicIpv4(tail.join('.'));
  if (first === 0x64 && second === 0xff9b) return isPublicIpv4(tail.join('.'));
  if (first === 0x2002) return false;
  // Only 2000::/3 is global unicast; of it the documentation's range is nobody's.
  return first >= 0x2000 && first < 0x4000 && !(first === 0x2001 && (second === 0xdb8 || second === 0));
}

function isPublicIpv4(address: string): boolean {
  const parts = address.split('.').map(Number);
  const [a = 0, b = 0] = parts;
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return false;
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
  const isLocal = a === 0 || a === 127 || (a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128);
  const isReserved = a >= 224 || (a === 192 && b === 0) || (a === 198 && (b === 18 || b === 19));
  return !isPrivate && !isLocal && !isReserved;
}

function expandIpv6(address: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [, a, b, c, d] = (dotted ?? []).map(Number);
  const plain =
    dotted === null
      ? address
      : `${address.slice(0, dotted.index)}${(((a ?? 0) << 8) | (b ?? 0)).toString(16)}:${(((c ?? 0) << 8) | (d ?? 0)).toString(16)}`;
  const [head = '', tail] = plain.split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((g) => Number.parseInt(g, 16));
  const before = read(head);
  const after = read(tail ?? '');
  return [...before, ...Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
}
