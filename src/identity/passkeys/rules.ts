// What is decided of a passkey's answer beside its signature. Pure.

/** How it says that it was used (RFC 8176): of one device or of several, with its person verified, so several factors at once. */
export const methodsOf = ({ syncs }: { syncs: boolean }): string[] => [syncs ? "swk" : "hwk", "user", "mfa"]

/**
 * Whether a counter went back, or stands still: then two authenticators have the same key (WebAuthn §6.1.1). Of an authenticator that
 * counts nothing both are 0.
 */
export const isBehind = (stored: number, sent: number): boolean => (stored > 0 || sent > 0) && sent <= stored

/** Hosts that browsers keep passkeys for: names, over https; addresses have none. `localhost` is as good as https. */
export function isPasskeyOrigin(origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  if (/^\d+(\.\d+){3}$/.test(hostname) || hostname.startsWith("[")) return false
  return protocol === "https:" || hostname === "localhost" || hostname.endsWith(".localhost")
}
