// Cookies by name and lifetime. `__Host-` and Secure on https; plain names on http, which configuration allows on loopback only.

export type CookieName = "auth" | "console" | "browser" | "theme" | "flash" | "login" | "once"

export interface Cookies {
  read(request: Request, name: CookieName): string | null
  /** A Set-Cookie value. HttpOnly, SameSite=Lax: the way back from an app's site is a cross-site top-level GET. */
  set(name: CookieName, value: string, maxAgeSeconds?: number): string
  clear(name: CookieName): string
}

export function createCookies(options: { secure: boolean }): Cookies {
  const nameOf = (name: CookieName) => (options.secure ? `__Host-${name}` : `purser_${name}`)
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${options.secure ? "; Secure" : ""}`
  return {
    read(request, name) {
      const header = request.headers.get("cookie")
      if (!header) return null
      const wanted = `${nameOf(name)}=`
      for (const part of header.split(";")) {
        const pair = part.trim()
        if (pair.startsWith(wanted)) return safeDecode(pair.slice(wanted.length))
      }
      return null
    },
    set: (name, value, maxAgeSeconds) =>
      `${nameOf(name)}=${encodeURIComponent(value)}${attributes}${maxAgeSeconds === undefined ? "" : `; Max-Age=${maxAgeSeconds}`}`,
    clear: (name) => `${nameOf(name)}=${attributes}; Max-Age=0`,
  }
}

function safeDecode(value: string): string | null {
  try {
    return decodeURIComponent(value)
  } catch {
    return null
  }
}
