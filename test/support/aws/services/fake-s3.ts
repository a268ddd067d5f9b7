import type { IncomingMessage } from 'node:http';

export interface FakeObject {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly modifiedAt: number;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (character) => `&#${character.codePointAt(0)};`);
const unescapeXml = (text: string): string =>
  text
    .replace(/&(lt|gt|quot|apos);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', apos: "'" })[name as 'lt'])
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&');

/** Objects by bucket, over the part of S3's REST protocol that the adapters use; path style. */
export class FakeS3 {
  readonly buckets = new Map<string, Map<string, FakeObject>>();
  pageSize = 1_000;
  /** Time that new objects get. */
  now: () => number = Date.now;

  object(bucket: string, key: string): FakeObject | undefined {
    return this.buckets.get(bucket)?.get(key);
  }

  keys(bucket: string): string[] {
    return [...(this.buckets.get(bucket)?.keys() ?? [])].sort();
  }

  answer(request: IncomingMessage, body: Buffer): Answer {
    const url = new URL(request.url ?? '/', 'http://s3');
    const [, bucketName = '', ...rest] = url.pathname.split('/');
    const key = rest.map(decodeURIComponent).join('/');
    const bucket = this.buckets.get(bucketName);
    if (bucket === undefined) return failure(404, 'NoSuchBucket', 'The specified bucket does not exist');
    if (request.method === 'POST' && url.searchParams.has('delete')) return this.delete(bucket, body);
    if (request.method === 'GET' && key === '') return this.list(bucket, url.searchParams);
    if (request.method === 'PUT') {
      const headers = request.headers as Record<string, string | undefined>;
      bucket.set(key, { body, headers, modifiedAt: this.now() });
      return { status: 200, body: '' };
    }
    const found = bucket.get(key);
    if (found === undefined) return failure(404, 'NoSuchKey', 'The specified key does not exist.');
    return { status: 200, body: found.body };
  }

  private list(bucket: Map<string, FakeObject>, query: URLSearchParams): Answer {
    const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
    const limit = Math.min(Number(query.get('max-keys') ?? 1_000), this.pageSize);
    const all = [...bucket]
      .filter(([key]) => key.startsWith(query.get('prefix') ?? '') && key > after)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const page = all.slice(0, limit);
    const isTruncated = all.length > page.length;
    const contents = page.map(
      ([key, { body, modifiedAt }]) =>
        `<Contents><Key>${escapeXml(key)}</Key><Size>${body.length}</Size><LastModified>${new Date(modifiedAt).toISOString()}</LastModified></Contents>`,
    );
    const next = isTruncated
      ? `<NextContinuationToken>${escapeXml(page.at(-1)?.[0] ?? '')}</NextContinuationToken>`
      : '';
    return xml(
      `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
    );
  }

  private delete(bucket: Map<string, FakeObject>, body: Buffer): Answer {
    for (const [, key = ''] of body.toString().matchAll(/<Key>([\s\S]*?)<\/Key>/g)) {
      bucket.delete(unescapeXml(key));
    }
    return xml('<DeleteResult></DeleteResult>');
  }
}

function xml(content: string, status = 200): Answer {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${content}`,
  };
}

const failure = (status: number, code: string, message: string): Answer =>
  xml(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`, status);
