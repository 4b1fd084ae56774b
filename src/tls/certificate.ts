// A certificate with its key, checked before it is served: a pair that does not fit would refuse every connection.

import { createPrivateKey, X509Certificate } from "node:crypto"
import { isIP } from "node:net"

export interface Certificate {
  /** PEM: the leaf first, then the chain. */
  cert: string
  /** PEM. */
  key: string
  fromMs: number
  untilMs: number
  issuer: string
  /** Whether it is for this host name. */
  isFor(host: string): boolean
}

/** A certificate that cannot be served; the message says why. */
export class CertificateError extends Error {
  override name = "CertificateError"
}

/** @throws CertificateError */
export function certificateOf(cert: string, key: string): Certificate {
  let leaf: X509Certificate
  try {
    leaf = new X509Certificate(cert)
  } catch {
    throw new CertificateError("it is not a certificate in PEM")
  }
  let fits = false
  try {
    fits = leaf.checkPrivateKey(createPrivateKey(key))
  } catch {
    throw new CertificateError("its key is not a private key in PEM, or needs a password")
  }
  if (!fits) throw new CertificateError("the key does not belong to it")
  return {
    cert,
    key,
    fromMs: Date.parse(leaf.validFrom),
    untilMs: Date.parse(leaf.validTo),
    issuer: leaf.issuer.replaceAll("\n", ", "),
    isFor: (host) => (isIP(host) ? leaf.checkIP(host) : leaf.checkHost(host)) !== undefined,
  }
}
