import { expect, test } from "bun:test"
import { VirtualClock } from "../../app/index.ts"
import type { PageRequest } from "../base/index.ts"
import { countDownloads } from "./downloads.ts"

const by = (userId: number) => ({ session: { userId } }) as PageRequest

test("so many a minute and person; the next minute has as many again", () => {
  const clock = new VirtualClock()
  const count = countDownloads(clock, "papers", 3)
  for (let round = 0; round < 2; round++) {
    for (let time = 0; time < 3; time++) count(by(1))
    expect(() => count(by(1))).toThrow("Too many downloads")
    count(by(2))
    clock.advance(60_000)
  }
})
