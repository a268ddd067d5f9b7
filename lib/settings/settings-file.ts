/** Name of the file beside a function's handler that holds the instance's checked settings, as JSON. */
export const SETTINGS_FILE = 'settings.json';
