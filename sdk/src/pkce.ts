// Random texts, the hash of PKCE, and what an ID token says.

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")

export const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)))

export const hashOf = async (verifier: string): Promise<string> =>
  base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))))

/** It came from the token endpoint itself, over TLS: that is its proof (OpenID Connect Core §3.1.3.7). */
export function claimsOf(idToken: string): Record<string, string> {
  const bytes = atob(idToken.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/"))
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0))))
}
