export interface ParsedTags {
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly problem: string | undefined;
}

/** Reads `priority=5, reason=replay`; a key may stand once. */
export function parseTags(text: string): ParsedTags {
  const tags: { key: string; value: string }[] = [];
  for (const part of text.split(/[,\n]+/).map((each) => each.trim())) {
    if (!part) continue;
    const split = part.indexOf('=');
    if (split <= 0) return { tags, problem: `“${part}” is no tag: write key=value` };
    const key = part.slice(0, split).trim();
    if (tags.some((tag) => tag.key === key)) return { tags, problem: `“${key}” is there twice` };
    tags.push({ key, value: part.slice(split + 1).trim() });
  }
  return { tags, problem: undefined };
}
