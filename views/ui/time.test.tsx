import { describe, expect, test } from "bun:test"
import { relativeTime } from "./format.ts"
import { DayHeading, Time, timeTitle, When } from "./time.tsx"
import { inZone, isZone } from "./zone.ts"

const AT = Date.UTC(2026, 2, 14, 23, 5)
const HOUR = 3_600_000
const DAY = 24 * HOUR

interface Words {
  localWords(kind: string, at: Date): string
  agoWords(age: number): string | null
}
const words = (await import("../../public/js/core/time-words.js" as string)) as Words

describe("a moment", () => {
  test("is UTC and says so where the zone is not known", () => {
    expect(<Time ms={AT} />).toBe(
      '<time datetime="2026-03-14T23:05:00.000Z" title="14 Mar 2026, 23:05 UTC" data-time="at">14 Mar 2026, 23:05 UTC</time>',
    )
    expect(<Time ms={AT} kind="clock" />).toContain(">23:05 UTC<")
    expect(<Time ms={AT} kind="day" />).toContain(">14 Mar 2026 UTC<")
  })

  test("is the reader's where it is, with UTC in the title", () => {
    const berlin = inZone("Europe/Berlin", () => <Time ms={AT} />)
    expect(berlin).toContain('title="14 Mar 2026, 23:05 UTC"')
    expect(berlin).toContain(">15 Mar 2026, 00:05<")
    expect(inZone("America/St_Johns", () => <Time ms={AT} kind="clock" />)).toContain(">20:35<")
    expect(inZone("Asia/Kolkata", () => <Time ms={AT} kind="day" />)).toContain(">15 Mar 2026<")
    expect(inZone("UTC", () => <Time ms={AT} />)).toContain(">14 Mar 2026, 23:05 UTC<")
  })

  test("in summer and in winter", () => {
    const clock = (ms: number) => inZone("Europe/Berlin", () => timeTitle(ms))
    expect(clock(Date.UTC(2026, 2, 29, 0, 59))).toStartWith("29 Mar 2026, 01:59 · ")
    expect(clock(Date.UTC(2026, 2, 29, 1, 0))).toStartWith("29 Mar 2026, 03:00 · ")
    expect(clock(Date.UTC(2026, 8, 1))).toStartWith("1 Sep 2026, 02:00 · ")
    expect(clock(Date.UTC(2026, 11, 31, 23, 0))).toStartWith("1 Jan 2027, 00:00 · ")
  })

  test("one reader's zone is not the next one's, also when a page fails", () => {
    expect(() =>
      inZone("Europe/Berlin", () => {
        throw new Error("no page")
      }),
    ).toThrow("no page")
    expect(timeTitle(AT)).toBe("14 Mar 2026, 23:05 UTC")
    expect(inZone("Europe/Berlin", () => inZone("Asia/Kolkata", () => timeTitle(AT)))).toStartWith("15 Mar 2026, 04:35")
  })

  test("ago: words, both times in the title, its age for scripts; far away the reader's date", () => {
    expect(inZone("Europe/Berlin", () => <When ms={AT} now={AT + HOUR} />)).toBe(
      '<time datetime="2026-03-14T23:05:00.000Z" title="15 Mar 2026, 00:05 · 14 Mar 2026, 23:05 UTC" data-time="ago" data-ago="3600000">1 h ago</time>',
    )
    expect(inZone("Europe/Berlin", () => <When ms={AT} now={AT + 30 * DAY} />)).toContain(">15 Mar 2026<")
    expect(<When ms={AT} now={AT + 30 * DAY} />).toContain(">14 Mar 2026<")
    expect(<When ms={null} now={AT} />).toContain("Never")
  })
})

test("only zones that there are count, whatever the cookie says", () => {
  for (const name of ["Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Asia/Kolkata", "EST"])
    expect([name, isZone(name)]).toEqual([name, true])
  for (const name of ["", "Mars/Olympus", "+01:00", "<script>", "Europe/Berlin; x", "x".repeat(500), "../etc/passwd"])
    expect([name, isZone(name)]).toEqual([name, false])
})

test("scripts and server say the same words", () => {
  const now = AT
  for (let age = -8 * DAY; age <= 8 * DAY; age += 17 * 60_000 + 13) {
    const said = words.agoWords(age)
    if (said !== null) expect([age, said]).toEqual([age, relativeTime(now - age, now)])
    else expect(Math.abs(age)).toBeGreaterThanOrEqual(7 * DAY)
  }
  for (const age of [-59_000, -1_001, -1_000, 0, 59_000])
    expect([age, words.agoWords(age)]).toEqual([age, relativeTime(now - age, now)])
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  for (let ms = AT; ms < AT + 400 * DAY; ms += 11 * DAY + 7 * 60_000) {
    const local = inZone(zone === "UTC" ? "Etc/UTC" : zone, () => timeTitle(ms).split(" · ")[0])
    expect(words.localWords("at", new Date(ms))).toBe(local!)
  }
})

test("a day says which one it is, that it is UTC, and what it came to", () => {
  const html = <DayHeading dayMs={AT} now={AT + 2 * HOUR} total={<b>−42 credits</b>} />
  expect(html).toContain('<time datetime="2026-03-14">Yesterday, 14 Mar 2026</time>')
  expect(html).toContain("UTC")
  expect(html).toContain("<p><b>−42 credits</b></p>")
  expect(<DayHeading dayMs={AT} now={AT} />).toContain("Today, 14 Mar 2026")
  expect(<DayHeading dayMs={AT} now={AT + 5 * DAY} level={4} />).toMatch(/<h4><time[^>]*>14 Mar 2026</)
})
