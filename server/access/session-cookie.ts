import { parseCookie, stringifySetCookie } from 'cookie';

/** `__Host-`: only over TLS, only this host, the whole path (RFC 6265bis, section 4.1.3.2). */
export const sessionCookie = '__Host-lienthong';

/** The session token of a cookie header, or undefined. */
export function sessionToken(header: string | undefined): string | undefined {
  return header === undefined ? undefined : parseCookie(header)[sessionCookie];
}

/** The Set-Cookie header that keeps a token, or forgets it. Strict: no other site's request carries it. */
export function sessionCookieHeader(session: { token: string; maxAgeMs: number } | null): string {
  return stringifySetCookie({
    name: sessionCookie,
    value: session?.token ?? '',
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'strict',
    maxAge: session === null ? 0 : Math.floor(session.maxAgeMs / 1000),
  });
}
