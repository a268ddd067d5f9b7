interface ErrorLike {
  readonly message: string;
  readonly stack?: readonly string[];
}

/** An error's message and the lines of its stack, whether or not those bring their own line ends. */
export function stackText({ message, stack = [] }: ErrorLike): string {
  return [message, ...stack.map((line) => line.trimEnd())].join('\n').trimEnd();
}
