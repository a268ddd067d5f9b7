/**
 * Makes the functions that run on AWS in `outDirectory`/lambdas, where the built dashboard lies in
 * `outDirectory`/dashboard already.
 */
export function buildFunctions(options: {
  readonly root: string;
  readonly outDirectory: string;
}): Promise<void>;
