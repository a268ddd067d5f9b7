/** Lambda's report of a function that crashed (`{errorType, errorMessage}`), in words. */
export function crashOf(text: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(text) as { errorType?: string; errorMessage?: string };
    return [errorType, errorMessage].filter((part) => part !== undefined).join(': ') || text;
  } catch {
    return text;
  }
}
