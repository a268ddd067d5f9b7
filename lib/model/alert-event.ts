/**
 * How alerts appear on EventBridge's default bus: `detail` is an `AlertMessage`'s fields, the instance's name, and the
 * text once more as one `line`, for templates of rules.
 */
export const ALERT_EVENT = { source: 'headrace', detailType: 'Headrace Alert', line: 'line' } as const;

/** Characters of a `line`: what a mail begins with. The whole text is in the event. */
const MAX_LINE = 2_000;

/**
 * A text that a rule's template can put between quotes. EventBridge escapes no values there, so that a line break or a
 * quotation mark would make the message invalid, and the alert undeliverable:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html#eb-transform-input-issues
 *
 * @example alertLine('Run 1 failed\nCause: no "key"') // Run 1 failed. Cause: no 'key'
 */
export function alertLine(text: string): string {
  const line = text
    .split(/[\r\n]+/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each, index, { length }) => (index < length - 1 && !/[.:!?]$/.test(each) ? `${each}.` : each))
    .join(' ')
    .replaceAll('"', "'")
    .replaceAll('\\', '/')
    .replace(/\p{Cc}+/gu, ' ')
    .toWellFormed();
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE).toWellFormed()}…`;
}
