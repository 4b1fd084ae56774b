// One order of a certificate by ACME (RFC 8555) with http-01. acme-client speaks the protocol; loaded when a certificate is due, which is
// every two months.
import type { AcmeConfig } from "../app/index.ts"
import { type Certificate, CertificateError, certificateOf } from "./certificate.ts"

export interface Account {
  /** PEM. */
  key: string
  /** Where the authority knows it; null before the first order. */
  url: string | null
}

export interface Ordered {
  certificate: Certificate
  account: Account
}

/**
 * @param hosts names that it is for, the first one foremost
 * @param account null = one is made
 * @param challenges what the plain listener answers meanwhile
 * @throws Error with what the authority said
 */
export async function orderCertificate(
  { email, directoryUrl }: AcmeConfig,
  hosts: readonly [string, ...string[]],
  account: Account | null,
  challenges: Map<string, string>,
): Promise<Ordered> {
  const acme = require("acme-client") as typeof import("acme-client")
  const accountKey = account?.key ?? String(await acme.crypto.createPrivateEcdsaKey())
  const known = account?.url ? { accountUrl: account.url } : {}
  const client = new acme.Client({ directoryUrl, accountKey, ...known })
  const [key, csr] = await acme.crypto.createCsr(
    { commonName: hosts[0], altNames: [...hosts] },
    await acme.crypto.createPrivateEcdsaKey(),
  )
  const cert = await client.auto({
    csr,
    email,
    termsOfServiceAgreed: true,
    // The authority asks by itself; from here the public address may not even be reachable.
    skipChallengeVerification: true,
    challengePriority: ["http-01"],
    challengeCreateFn: async (_, { token }, authorization) => void challenges.set(token, authorization),
    challengeRemoveFn: async (_, { token }) => void challenges.delete(token),
  })
  const certificate = certificateOf(cert, String(key))
  const missing = hosts.find((host) => !certificate.isFor(host))
  if (missing) throw new CertificateError(`the authority sent a certificate that is not for ${missing}`)
  return { certificate, account: { key: accountKey, url: client.getAccountUrl() } }
}
