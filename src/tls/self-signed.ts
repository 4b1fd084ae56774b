// A certificate that nobody vouches for: what is served until the first one was issued, so that the address answers at all.
import { type Certificate, certificateOf } from "./certificate.ts"

const DAYS = 30
const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const

export async function selfSigned(host: string, ...others: readonly string[]): Promise<Certificate> {
  const { PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } =
    require("@peculiar/x509") as typeof import("@peculiar/x509")
  const keys = await crypto.subtle.generateKey(EC, true, ["sign", "verify"])
  const now = Date.now()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${host}`,
    keys,
    signingAlgorithm: EC,
    notBefore: new Date(now - 60_000),
    notAfter: new Date(now + DAYS * 86_400_000),
    extensions: [
      new SubjectAlternativeNameExtension([host, ...others].map((value) => ({ type: "dns" as const, value }))),
    ],
  })
  const key = PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY")
  return certificateOf(certificate.toString("pem"), key)
}
