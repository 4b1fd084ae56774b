// A signed-in browser as its owner knows it.

/** "Firefox on Linux" from a user agent; rough on purpose, it only has to be recognised by its owner. */
export function deviceName(userAgent: string): string {
  const find = (names: [string, RegExp][]) => names.find(([, pattern]) => pattern.test(userAgent))?.[0]
  const browser = find([
    ["Edge", /Edg\//],
    ["Opera", /OPR\//],
    ["Firefox", /Firefox\//],
    ["Chrome", /Chrom(e|ium)\//],
    ["Safari", /Safari\//],
  ])
  const system = find([
    ["iPhone", /iPhone/],
    ["iPad", /iPad/],
    ["Android", /Android/],
    ["Windows", /Windows/],
    ["macOS", /Mac OS X/],
    ["Linux", /Linux/],
  ])
  if (!browser && !system) return "Unknown device"
  return [browser ?? "A browser", system].filter(Boolean).join(" on ")
}

export type DeviceKind = "phone" | "tablet" | "computer" | "program"

/** What it is, as far as it says so. Tablets with Android leave "Mobile" out; those of Apple call themselves computers by default. */
export function deviceKind(userAgent: string): DeviceKind {
  if (/iPad|Tablet/.test(userAgent) || (/Android/.test(userAgent) && !/Mobile/.test(userAgent))) return "tablet"
  if (/iPhone|Android|Mobile/.test(userAgent)) return "phone"
  return /Windows|Macintosh|Linux|CrOS|X11/.test(userAgent) ? "computer" : "program"
}

/** How somebody signed in, by the methods of the session (RFC 8176). */
export function signInWords(amr: string): string {
  const methods = new Set(amr.split(" "))
  const second = methods.has("hwk") || methods.has("swk") ? "passkey" : methods.has("otp") ? "code" : null
  const first = methods.has("pwd") ? "Password" : methods.has("fed") ? "Another account of yours" : null
  if (first !== null) return second === null || !methods.has("mfa") ? first : `${first} and ${second}`
  if (second === "passkey") return "Passkey"
  return second === "code" ? "Link or code" : "Unknown"
}
