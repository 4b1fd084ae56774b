// What tokens are signed with. RS256 is what every client of OpenID Connect knows (Core §15.1); ES256 is for those that ask for it.

export const SIGNING_ALGS = ["RS256", "ES256"] as const
export type SigningAlg = (typeof SIGNING_ALGS)[number]

/** Access tokens of every client, whatever its ID tokens are signed with: RFC 9068 §2.1 has all servers of resources know it. */
export const ACCESS_TOKEN_ALG: SigningAlg = "RS256"

export const isSigningAlg = (text: string): text is SigningAlg => (SIGNING_ALGS as readonly string[]).includes(text)
