import { expect, test } from "bun:test"
import type { Signature } from "./conversation.ts"
import { sealed, unsealed } from "./signature.ts"

const SEALS: Signature[] = [
  { format: "anthropic", data: "EqQBCgIYAhIM+/=" },
  { format: "anthropic", data: "x.y.z", redacted: true },
  { format: "openai", data: "gAAAAAB…", id: "rs_68af" },
  { format: "google", data: "psig1.a..nested" },
  { format: "other", data: "\u0000 \n", id: "ä.ö" },
]

test("A seal that another dialect carried is the same again", () => {
  for (const seal of SEALS) expect(unsealed(sealed(seal))).toEqual(seal)
})

test("What is not ours is left to its own dialect, whatever it looks like", () => {
  for (const text of ["", "psig1.", "psig1.a", "psig1.a.", "psig1.a..", "psig1.q..x", "psig1.ar r..x", "psig2.a..x"]) {
    expect(unsealed(text)).toBeNull()
  }
  expect(unsealed("gAAAAABo-foreign")).toBeNull()
  expect(unsealed("psig1.a.?.x")).toBeNull()
  expect(unsealed(`psig1.a.${"A".repeat(1_000_000)}.x`)).toBeNull()
})
