/**
 * A value in Harbor's q language. The server unescapes q once more and splits it on commas, so what
 * that second decoding would change is escaped here, and a comma, which no value can hold, is left out.
 */
export function fuzzy(key: string, value: string): string {
  return `${key}=~${escapeValue(value)}`;
}

export function exact(key: string, value: string): string {
  return `${key}=${escapeValue(value)}`;
}

export function range(key: string, from: string, to: string): string {
  return `${key}=[${from}~${to}]`;
}

export function allOf(...terms: (string | undefined)[]): string | undefined {
  const present = terms.filter((term): term is string => term !== undefined);
  return present.length > 0 ? present.join(',') : undefined;
}

const escapeValue = (value: string) => value.replaceAll(',', '').replaceAll('%', '%25').replaceAll('+', '%2B');
