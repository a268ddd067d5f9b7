import { stackText } from '../../components/format/stack-text';

/** An error with its stack and its class's name, which some messages already begin with. */
export function errorText(error: {
  readonly className: string | null;
  readonly message: string;
  readonly stack: readonly string[];
}): string {
  const text = stackText(error);
  return error.className && !text.startsWith(error.className) ? `${error.className}: ${text}` : text;
}
