/**
 * Whether a variable's name says that its value is a secret: it ends in KEY, TOKEN, SECRET, PASSWORD, PASSPHRASE or
 * CREDENTIALS, or has PRIVATE in it. Names of files and addresses are none.
 */
export function namesSecret(name: string): boolean {
  if (/_(PATH|FILE|URL)$/i.test(name)) return false;
  return /(KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIALS?)(_?\d+)?$|PRIVATE/i.test(name);
}

/** The password that an address holds, as it stands there and decoded: `postgres://user:password@host/`. */
export function passwordsIn(value: string): readonly string[] {
  // Most values are no address, and most of those hold nobody's name.
  if (!value.includes('://') || !value.includes('@') || !URL.canParse(value)) return [];
  const { password } = new URL(value);
  if (password === '') return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** Shorter ones are settings more often than secrets. */
const LEAST_LENGTH = 8;

/** The values of an environment that are secrets by their names, and the passwords in its addresses. */
export function secretsOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const found = Object.entries(environment).flatMap(([name, value = '']) =>
    namesSecret(name) ? [value] : passwordsIn(value),
  );
  return [...new Set(found)].filter(({ length }) => length >= LEAST_LENGTH);
}
