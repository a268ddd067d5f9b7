/** What is read of a suite in a report of jest (`--json`). */
export interface ReportedSuite {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages?: readonly string[] | null;
  }[];
}

export function failedTests(suites: readonly ReportedSuite[], root: string): string[];
