// What the gateway tells the admin's line of truth.
import { expect, test } from "bun:test"
import { gatewayPart } from "./part.ts"
import type { AnswerAlarm, Gateway } from "./types.ts"

const answersOf = (alarms: AnswerAlarm[]) => {
  const gateway = { callsInFlight: 0, upstreams: () => [], alarms: () => alarms } as unknown as Gateway
  const { checks } = gatewayPart.run!({ gateway } as Parameters<NonNullable<typeof gatewayPart.run>>[0])
  return checks!.flatMap((check) => check()).find(({ label }) => label === "Answers")
}
const alarm: AnswerAlarm = { upstream: "near", what: "other-model", asked: "a-1", got: "b-2", count: 1 }

test("answers that are not what was asked for stand in the line of truth", () => {
  expect(answersOf([])).toBeUndefined()
  expect(answersOf([alarm])).toMatchObject({ state: "bad", text: "near answered a-1 by b-2" })
  expect(answersOf([{ ...alarm, count: 3 }, alarm])?.text).toBe(
    "near answered a-1 by b-2, 3 times, and more of the kind",
  )
  expect(answersOf([{ ...alarm, what: "unknown-model" }])).toMatchObject({ state: "warn" })
  expect(answersOf([{ ...alarm, what: "over-maximum" }])?.text).toBe("near went past the maximum of a-1")
})

test("an account that its provider took out of service stands in the line of truth", () => {
  const upstreams = () => [{ name: "near", publicId: "upm_1", enabled: true, test: { ok: true } }]
  const lineOf = (out: "key" | "credit" | null) => {
    const gateway = { callsInFlight: 0, upstreams, alarms: () => [], health: () => ({ out }) } as unknown as Gateway
    const { checks } = gatewayPart.run!({ gateway } as Parameters<NonNullable<typeof gatewayPart.run>>[0])
    return checks!.flatMap((check) => check()).find(({ label }) => label === "Upstreams")
  }
  expect(lineOf(null)).toMatchObject({ state: "ok", text: "1 answering" })
  expect(lineOf("key")).toMatchObject({ state: "bad", text: "near refuses its key" })
  expect(lineOf("credit")).toMatchObject({ state: "bad", text: "near is out of credit" })
})
