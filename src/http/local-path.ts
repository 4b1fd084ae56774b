// Where a person goes back to, when the request says so (CWE-601, open redirect). Owns the one check of such targets.

/** Longer ones are no addresses of ours. */
export const LOCAL_PATH_CHARS_MAX = 2_048

/**
 * A path of this origin, or the fallback. What is checked is what is sent: the target is resolved as a browser resolves it
 * (`/..//evil`, `/\evil`, tabs and line breaks change on the way), and its result must, resolved once more, stay here.
 */
export function localPath(target: string | null, origin: string, fallback: string): string {
  if (!target?.startsWith("/") || target.length > LOCAL_PATH_CHARS_MAX) return fallback
  const path = resolved(target, origin)
  // The browser resolves again what we emit; `//evil.example` as the outcome of the first time would leave.
  return path !== null && resolved(path, origin) === path ? path : fallback
}

/** Path and query that a browser on `origin` makes of a Location; null when it would leave, or when it means something else. */
function resolved(target: string, origin: string): string | null {
  // Backslashes count as slashes, and control characters vanish: no address of ours has them.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
  if (/[\u0000-\u0020\\\u007f]/.test(target) || !URL.canParse(target, origin)) return null
  const url = new URL(target, origin)
  if (url.origin !== origin || url.username || url.password) return null
  const path = `${url.pathname}${url.search}`
  // An empty first segment is the start of another host.
  return path.startsWith("//") || decodesToHost(url.pathname) ? null : path
}

/** Proxies and routers on the way may decode once: `/%2f/evil`, `/%5cevil`. */
const decodesToHost = (path: string): boolean => /^\/(%2f|%5c|%09|%0a|%0d)/i.test(path)
