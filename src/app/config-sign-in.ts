// Settings of what stands elsewhere: Google, and issuers of sign-in, servers of published APIs and receivers of webhooks in the operator's
// own network.
import { isIP } from "node:net"
import type { Setting, SettingsReader } from "./settings-reader.ts"

export interface SignInConfig {
  /** How Google knows this house; null = an admin may enter it. */
  google: { clientId: string; clientSecret: string } | null
  /** Addresses and ranges where issuers of the operator's own network stand. */
  issuerNetworks: string[]
  /** Where servers of published APIs stand in the operator's own network. */
  productNetworks: string[]
  /** Where receivers of webhooks stand in the operator's own network. */
  webhookNetworks: string[]
}

export const SIGN_IN_SETTINGS = {
  googleClientId: {
    flag: "google-client-id",
    env: "PURSER_GOOGLE_CLIENT_ID",
    help: "sign-in with Google: client ID; it may be entered under /admin/issuers instead",
    fallback: "",
  },
  googleClientSecret: {
    flag: "",
    env: "PURSER_GOOGLE_CLIENT_SECRET",
    help: "sign-in with Google: client secret",
    fallback: "",
    secret: true,
  },
  issuerNetworks: {
    flag: "issuer-networks",
    env: "PURSER_ISSUER_NETWORKS",
    help: "addresses or ranges of sign-in issuers in your own network, comma-separated",
    fallback: "",
  },
  productNetworks: {
    flag: "product-networks",
    env: "PURSER_PRODUCT_NETWORKS",
    help: "addresses or ranges of published APIs' servers in your own network, comma-separated",
    fallback: "",
  },
  webhookNetworks: {
    flag: "webhook-networks",
    env: "PURSER_WEBHOOK_NETWORKS",
    help: "addresses or ranges of webhook receivers in your own network, comma-separated",
    fallback: "",
  },
} as const satisfies Record<string, Setting>

type Reader = SettingsReader<keyof typeof SIGN_IN_SETTINGS>

export function readSignIn(read: Reader): SignInConfig {
  const clientId = read.optional("googleClientId")
  const clientSecret = read.optional("googleClientSecret")
  if (clientId !== null && clientSecret === null)
    read.wrong("googleClientSecret", "give it together with PURSER_GOOGLE_CLIENT_ID")
  if (clientId === null && clientSecret !== null)
    read.wrong("googleClientId", "give it together with PURSER_GOOGLE_CLIENT_SECRET")
  if ([clientId, clientSecret].some((text) => text !== null && !/^[\x21-\x7e]{1,300}$/.test(text)))
    read.wrong("googleClientId", "give client ID and client secret as Google shows them, without blanks")
  const issuerNetworks = readRanges(read, "issuerNetworks")
  const google = clientId !== null && clientSecret !== null ? { clientId, clientSecret } : null
  const [productNetworks, webhookNetworks] = [readRanges(read, "productNetworks"), readRanges(read, "webhookNetworks")]
  return { google, issuerNetworks, productNetworks, webhookNetworks }
}

/** What is no address is said, and left out. */
function readRanges(read: Reader, name: "issuerNetworks" | "productNetworks" | "webhookNetworks"): string[] {
  const ranges = (read.optional(name) ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean)
  for (const each of ranges)
    if (!isRange(each)) read.wrong(name, `"${each}" is not an address or a range such as 10.0.0.0/8`)
  return ranges.filter(isRange)
}

function isRange(text: string): boolean {
  const [address = "", bits = "0"] = text.split("/")
  return isIP(address) !== 0 && /^\d+$/.test(bits) && Number(bits) <= (isIP(address) === 6 ? 128 : 32)
}
