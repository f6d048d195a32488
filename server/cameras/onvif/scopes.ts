export interface Scopes {
  name: string;
  hardware: string;
  location: string;
  /** Set by the project's own simulated cameras, so that nobody takes them for real ones. */
  simulated: boolean;
}

const prefix = 'onvif://www.onvif.org/';

/** What scopes say (ONVIF Core, section 7.3.2.2), percent-decoded; control characters are taken out and texts bounded. */
export function readScopes(scopes: readonly string[]): Scopes {
  const found: Scopes = { name: '', hardware: '', location: '', simulated: false };
  for (const scope of scopes.slice(0, 64)) {
    if (/^lienthong:\/\/simulated\/?$/i.test(scope.trim())) found.simulated = true;
    if (!scope.toLowerCase().startsWith(prefix)) continue;
    const [kind = '', ...rest] = scope.trim().slice(prefix.length).split('/');
    const text = printable(decode(rest.join('/')));
    const key = kind.toLowerCase();
    if ((key === 'name' || key === 'hardware' || key === 'location') && found[key] === '') found[key] = text;
  }
  return found;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What a device says of itself, fit to be shown and stored. */
export function printable(text: string, max = 120): string {
  return text
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, max);
}
