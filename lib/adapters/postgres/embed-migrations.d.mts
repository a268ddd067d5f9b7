/** The file that holds the migrations for bundles. */
export const generatedFile: URL;
/** The text that this file should have. */
export function embedMigrations(): string;
