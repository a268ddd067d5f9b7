/**
 * Chromium under the POSIX locale names its language `en-US@posix`, which `Intl` refuses and libraries pass on
 * to it while they load. Gives such a browser plain English.
 */
export function ensureValidLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
  }
}
