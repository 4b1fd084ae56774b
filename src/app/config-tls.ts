// Settings of a server that no proxy stands in front of: its certificate, and the plain listener beside it.
import { type Address, addressOf, isEmail, type Setting, type SettingsReader } from "./settings-reader.ts"

export interface TlsConfig {
  /** PEM files, read again when they change; null = none. */
  tlsFiles: { cert: string; key: string } | null
  /** Certificates are ordered by ACME; null = they are not. */
  acme: AcmeConfig | null
  /** A plain listener that sends everybody to https, and answers ACME's challenges; null = none. */
  httpListen: Address | null
}

export interface AcmeConfig {
  /** The authority writes there before a certificate ends. */
  email: string
  directoryUrl: string
}

const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"

export const TLS_SETTINGS = {
  tlsCert: {
    flag: "tls-cert",
    env: "PURSER_TLS_CERT",
    help: "certificate with its chain, a PEM file; read again when it changes",
    fallback: "",
  },
  tlsKey: { flag: "tls-key", env: "PURSER_TLS_KEY", help: "its private key, a PEM file", fallback: "" },
  acmeEmail: {
    flag: "acme-email",
    env: "PURSER_ACME_EMAIL",
    help: "order certificates for the host of the base URL by ACME; the address stands for agreeing to the authority's terms",
    fallback: "",
  },
  acmeDirectory: {
    flag: "acme-directory",
    env: "PURSER_ACME_DIRECTORY",
    help: "the authority's ACME directory",
    fallback: LETS_ENCRYPT,
  },
  httpListen: {
    flag: "http-listen",
    env: "PURSER_HTTP_LISTEN",
    help: "plain address that sends everybody to https, such as 0.0.0.0:80; ACME needs it",
    fallback: "",
  },
} as const satisfies Record<string, Setting>

type Reader = SettingsReader<keyof typeof TLS_SETTINGS>

export function readTls(read: Reader, baseUrl: string): TlsConfig {
  const httpListen = addressOf(read, "httpListen", "0.0.0.0:80")
  const tlsFiles = filesOf(read)
  const acme = acmeOf(read)
  if (acme && tlsFiles) read.wrong("acmeEmail", "certificates come from files or by ACME; set one of the two")
  if (acme && !httpListen)
    read.wrong("acmeEmail", "the authority asks on port 80; set PURSER_HTTP_LISTEN=0.0.0.0:80 with it")
  if ((acme || tlsFiles || httpListen) && !baseUrl.startsWith("https:"))
    read.wrong(
      acme ? "acmeEmail" : tlsFiles ? "tlsCert" : "httpListen",
      "set PURSER_BASE_URL to an address of https with it",
    )
  return { tlsFiles, acme, httpListen }
}

function filesOf(read: Reader): TlsConfig["tlsFiles"] {
  const [cert, key] = [read.optional("tlsCert"), read.optional("tlsKey")]
  if (cert && key) return { cert, key }
  if (cert) read.wrong("tlsKey", "set the file of the certificate's key, too")
  if (key) read.wrong("tlsCert", "set the file of the certificate, too")
  return null
}

function acmeOf(read: Reader): AcmeConfig | null {
  const email = read.optional("acmeEmail")
  if (email === null) return null
  if (!isEmail(email)) read.wrong("acmeEmail", `"${email}" is not an email address`)
  const directoryUrl = read.raw("acmeDirectory")
  if (!URL.canParse(directoryUrl) || new URL(directoryUrl).protocol !== "https:")
    read.wrong("acmeDirectory", `"${directoryUrl}" is not an address of https`)
  return { email, directoryUrl }
}
