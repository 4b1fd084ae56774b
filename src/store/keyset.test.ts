import { expect, test } from "bun:test"
import { type Place, placeText, readPlace } from "./keyset.ts"

test("a place goes through an address and comes back; what is none begins at the top", () => {
  for (const place of [
    { key: "Ada 'x' ́", id: 7 },
    { key: 12.5, id: 1, before: true },
    { key: "", id: -1 },
  ] as Place[])
    expect(readPlace(placeText(place))).toEqual(place)
  const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  for (const wrong of [null, "", "!", text({}), text([null, 1]), text(["a", "1"]), text([["a"], 1]), "x".repeat(3_000)])
    expect(readPlace(wrong)).toBeNull()
})
