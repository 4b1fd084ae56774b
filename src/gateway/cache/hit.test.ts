import { expect, test } from "bun:test"
import { chargeOfHit } from "./hit.ts"
import { withoutComments } from "./keep.ts"

test("a hit is rounded up once, and its developer's part down", () => {
  expect(chargeOfHit({ chargeNano: 7, developerNano: 3 }, 1_000)).toMatchObject({
    totalNano: 1,
    developerNano: 0,
    platformNano: 1,
  })
  const large = chargeOfHit({ chargeNano: 9_007_199_254_740_991, developerNano: 2_251_799_813_685_247 }, 3_333)
  expect(large.totalNano).toBe(3_002_099_511_605_173)
  expect(large.developerNano + large.platformNano).toBe(large.totalNano)
})

test("comments are no part of a kept stream; what looks like one within data is", () => {
  const stream = ': waiting\n\ndata: {"text":": no comment"}\n\n: charged 5 remaining 7\n\ndata: [DONE]\n\n'
  expect(withoutComments(stream)).toBe('data: {"text":": no comment"}\n\ndata: [DONE]\n\n')
  expect(withoutComments("event: a\n: b\ndata: c\n\n")).toBe("event: a\ndata: c\n\n")
})
