// The address that turns off a kind of mail, over an exchange of the master key.
import { expect, test } from "bun:test"
import { createKeyring } from "../app/index.ts"
import { offPath, readOff } from "./unsubscribe.ts"

const REF = { publicId: "usr_01K0000000000000000000000", kind: "plan_paid" }
const [OLD, NEW] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const paramsOf = (path: string) => new URL(path, "https://ai.example.com").searchParams

test("it is read back; whoever has no key of the house makes none", () => {
  const keyring = createKeyring(OLD)
  expect(readOff(keyring, paramsOf(offPath(keyring, REF)))).toEqual(REF)
  expect(readOff(createKeyring(NEW), paramsOf(offPath(keyring, REF)))).toBeNull()
  // A sign is of one purpose: no other signature of this server passes for it.
  const params = paramsOf(offPath(keyring, REF))
  params.set("sign", keyring.hmac("mail-order", `${REF.publicId}:${REF.kind}`))
  expect(readOff(keyring, params)).toBeNull()
})

test("it goes on while its key still opens, and ends with it", () => {
  const keyring = createKeyring(OLD)
  const params = paramsOf(offPath(keyring, REF))
  keyring.use([NEW, OLD])
  expect(readOff(keyring, params)).toEqual(REF)
  keyring.use([NEW], [OLD])
  expect(readOff(keyring, params)).toBeNull()
})
