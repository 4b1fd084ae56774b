// Keys in memory outlive a change of the master key.
import { expect, test } from "bun:test"
import { createKeyring, silentLog } from "../../app/index.ts"
import { openedFrom } from "./opened.ts"
import { SEALED_PROVIDER_KEYS as COLUMN } from "./ring.ts"

const seal = (master: number, plain: string) =>
  createKeyring(Buffer.alloc(32, master)).seal(COLUMN.purpose, COLUMN.place("pky_1"), plain)

test("what was sealed anew meanwhile is read anew; what cannot be opened, or is gone, is none", () => {
  const keyring = createKeyring(Buffer.alloc(32, 2))
  const open = (sealed: string, anew: string | null) =>
    openedFrom(silentLog, keyring, COLUMN, "pky_1", sealed, () => anew)
  expect(open(seal(2, "key"), null)).toBe("key")
  expect(open(seal(1, "key"), seal(2, "key"))).toBe("key")
  expect(open(seal(1, "key"), seal(1, "key"))).toBeNull()
  expect(open(seal(1, "key"), null)).toBeNull()
})
