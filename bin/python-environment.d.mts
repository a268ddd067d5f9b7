/** The Python environment could not be made; the message says what to do. */
export declare class PythonEnvironmentError extends Error {}

/** Makes `.headrace/venv` hold what requirements.txt asks for, and returns its interpreter and scripts' folder. */
export declare function ensurePythonEnvironment(options: {
  readonly root: string;
  readonly log?: (line: string) => void;
}): Promise<{ readonly python: string; readonly bin: string }>;

/** Whether a project's requirements.txt asks for dbt or the local Snowflake server. */
export declare function needsPythonEnvironment(root: string): boolean;

/** The first Python on PATH that is new enough; throws a `PythonEnvironmentError` that says what to install. */
export declare function findPython(): { readonly command: string; readonly version: string };
