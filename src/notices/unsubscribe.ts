// One-click unsubscribe (RFC 8058): the address in a mail that turns off mails of its kind, and nothing else. It is signed, so that nobody
// turns off somebody else's, and needs no sign-in.
import { constantTimeEqual, type Keyring } from "../app/index.ts"

const PURPOSE = "notice-off"
const PATH = "/notices/off"

interface Ref {
  /** `usr_…` */
  publicId: string
  kind: string
}

const said = ({ publicId, kind }: Ref): string => `${publicId}:${kind}`

export function offPath(keyring: Keyring, ref: Ref): string {
  const query = new URLSearchParams({ who: ref.publicId, kind: ref.kind, sign: keyring.hmac(PURPOSE, said(ref)) })
  return `${PATH}?${query}`
}

/** Of a mail that may be older than the master key of now, but not than one that is out of use. @returns null when it was not made here */
export function readOff(keyring: Keyring, params: URLSearchParams): Ref | null {
  const ref = { publicId: params.get("who") ?? "", kind: params.get("kind") ?? "" }
  const sign = params.get("sign") ?? ""
  const isOurs = keyring.hmacs(PURPOSE, said(ref)).some((right) => constantTimeEqual(right, sign))
  return isOurs ? ref : null
}
