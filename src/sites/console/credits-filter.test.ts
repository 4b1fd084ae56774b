import { describe, expect, test } from "bun:test"
import { DAY_MS } from "../../app/index.ts"
import { filterDays, filterQuery, KINDS, readFilter } from "./credits-filter.ts"

const NOW = Date.UTC(2026, 10, 20, 14, 30)
const read = (query: string) => readFilter(new URLSearchParams(query), NOW)
const TYPES =
  "topup subscription daily_bonus coupon bonus referral sponsor refund adjustment usage sale commission overage expiry reversal debt payout fee"

describe("the filter of the history", () => {
  test("every type of SPEC §1 is in exactly one kind", () => {
    const types = KINDS.flatMap((kind) => kind.types as readonly string[])
    expect(types.toSorted()).toEqual(TYPES.split(" ").toSorted())
  })

  test("links count whole UTC days, today included", () => {
    expect(read("range=7d")).toMatchObject({
      range: "7d",
      fromMs: Date.UTC(2026, 10, 14),
      toMs: undefined,
      error: null,
    })
    expect(read("range=constructor").range).toBeNull()
    expect(read("").range).toBeNull()
  })

  test("typed days go before the link, and both ends are included", () => {
    expect(read("range=7d&from=2026-03-01&to=2026-03-01")).toMatchObject({
      range: "custom",
      fromMs: Date.UTC(2026, 2, 1),
      toMs: Date.UTC(2026, 2, 1) + DAY_MS,
      error: null,
    })
    expect(read("to=2026-02-28")).toMatchObject({ fromMs: undefined, toMs: Date.UTC(2026, 2, 1) })
  })

  test("own days can be asked for before there are any", () => {
    expect(read("range=custom")).toMatchObject({ range: "custom", fromMs: undefined, toMs: undefined, error: null })
    expect(filterQuery(read("range=custom&kind=claims"))).toBe("?kind=claims&range=custom")
    expect(filterQuery(read("range=custom&from=2026-03-01&to="))).toBe("?from=2026-03-01")
  })

  test("what cannot be read is said, and kept as typed", () => {
    for (const query of ["from=2026-02-30", "to=yesterday", "from=2026-3-1", "from=2026-03-02&to=2026-03-01"]) {
      const filter = read(query)
      expect(filter.error).toBeTruthy()
      expect(filterQuery(filter)).toBe(`?${query}`)
    }
    expect(read("kind=claims&app=cli_1")).toMatchObject({ errorIn: "app", error: expect.stringContaining("charges") })
    // Days do not hide it: the app would win and charges would stand under "Daily credits".
    expect(read("kind=claims&app=cli_1&from=2026-03-01").errorIn).toBe("app")
    expect(read("kind=claims&app=cli_1&from=2026-03-x").errorIn).toBe("days")
    expect(read("kind=nonsense").kind).toBeNull()
  })

  test("the address holds the whole filter; links change a part of it", () => {
    const filter = read("kind=charges&app=cli_1&range=30d")
    expect(filterQuery(filter)).toBe("?kind=charges&app=cli_1&range=30d")
    expect(filterQuery(filter, { before: "txn_1" })).toBe("?kind=charges&app=cli_1&range=30d&before=txn_1")
    expect(filterQuery(filter, { range: undefined, kind: undefined, app: undefined })).toBe("")
  })

  test("a key is one of those that can be chosen, and its calls are charges through no app", () => {
    const keys = [{ publicId: "key_1" }, { publicId: "key_2" }]
    const readKey = (query: string) => readFilter(new URLSearchParams(query), NOW, keys)
    expect(readKey("key=key_2&kind=charges&range=30d")).toMatchObject({ key: "key_2", error: null, errorIn: null })
    expect(filterQuery(readKey("key=key_2&kind=charges"), { before: "txn_1" })).toBe(
      "?kind=charges&key=key_2&before=txn_1",
    )
    expect(readKey("key=")).toMatchObject({ key: null, error: null })
    for (const query of ["key=key_3", "key=%3Cscript%3E", "key=key_2&kind=claims", "key=key_2&app=cli_1"])
      expect([query, readKey(query).errorIn]).toEqual([query, "key"])
    expect(readKey("key=key_2&kind=claims&from=2026-03-01").errorIn).toBe("key")
    expect(readKey("key=key_2&from=2026-03-x").errorIn).toBe("days")
    expect(read("key=key_1").errorIn).toBe("key")
  })

  test("file names carry the days", () => {
    expect(filterDays(read("range=7d"), NOW)).toBe("2026-11-14-to-2026-11-20")
    expect(filterDays(read("from=2026-01-01&to=2026-03-31"), NOW)).toBe("2026-01-01-to-2026-03-31")
    expect(filterDays(read("to=2030-01-01"), NOW)).toBe("to-2026-11-20")
  })
})
