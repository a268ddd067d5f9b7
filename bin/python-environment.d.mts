/** The Python environment could not be made; the message says what to do. */
export declare class PythonEnvironmentError extends Error {}

/** Makes `.headrace/venv` hold what requirements.txt asks for, and returns its interpreter and scripts' folder. */
export declare function ensurePythonEnvironment(options: {
  readonly root: string;
  readonly log?: (line: string) => void;
}): Promise<{ readonly python: string; readonly bin: string }>;
