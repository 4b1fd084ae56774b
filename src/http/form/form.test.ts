// A declaration read from a browser, from a program, shown again: the codecs at their edges, and errors in the order of the form.
import { describe, expect, test } from "bun:test"
import { type Nano, nano } from "../../app/index.ts"
import { Form } from "../forms.ts"
import type { FieldDef } from "./field.ts"
import { field, form } from "./index.ts"

const sent = (text: string) => new Form(new URLSearchParams(text))
const alone = <T>(one: FieldDef<T>) => form({ it: one }, { submit: "Save" })
/** What a text reads as; null = it is refused. */
const read = <T>(one: FieldDef<T>, text: string) => alone(one).parse({ it: [text] }).values?.it ?? null
const readJson = <T>(one: FieldDef<T>, json: unknown) => {
  const { typed, errors } = alone(one).fromJson({ it: json })
  return alone(one).parse(typed, {}, errors).values?.it ?? null
}

describe("codecs", () => {
  test("credits and dollars are exact, and never more than an exact number", () => {
    const credits = field.credits({ label: "Amount" })
    const cases = [
      ["1,240", 1_240_000_000],
      ["0.000001", 1],
      ["0", 0],
      ["9007199254.740991", Number.MAX_SAFE_INTEGER],
      ["9007199254.740992", null],
      ["1e3", null],
      ["-5", null],
      ["0.0000001", null],
      ["", null],
      ["٣", null],
    ] as const
    for (const [text, amount] of cases) expect([text, read(credits, text)]).toEqual([text, amount as Nano | null])
    expect(read(field.dollars({ label: "Price" }), "$1,099.50")).toBe(nano(1_099_500_000_000))
    expect(read(field.credits({ label: "Amount", positive: true }), "0")).toBeNull()
  })

  test("what may be left out says so, whatever takes its text", () => {
    const options = { label: "Note", optional: true }
    for (const make of [field.text, field.area, field.lines, field.url, field.email, field.secret])
      expect([make.name, make(options).look.optional]).toEqual([make.name, true])
  })

  test("an amount as JSON: texts and objects of texts, no number", () => {
    const credits = field.credits({ label: "Amount" })
    expect(readJson(credits, "1.9")).toBe(nano(1_900_000))
    expect(readJson(credits, { credits: "1.9" })).toBe(nano(1_900_000))
    expect(readJson(credits, { nano: "1900001" })).toBe(nano(1_900_001))
    for (const json of [1.9, 2, { nano: 1_900_000 }, { nano: "1.5" }, { nano: "1", credits: "1" }, ["1"], true, {}])
      expect([json, readJson(credits, json)]).toEqual([json, null])
    expect(readJson(field.dollars({ label: "Price" }), { credits: "1000" })).toBe(nano(1_000_000_000))
    expect(readJson(field.signedCredits({ label: "Amount" }), { nano: "-12500000" })).toBe(nano(-12_500_000))
  })

  test("an optional amount is null when it is empty, and only then", () => {
    const cap = alone(field.credits({ label: "Cap", optional: true }))
    expect(cap.parse({ it: [""] }).values).toEqual({ it: null })
    expect(cap.parse({ it: ["many"] }).errors).toEqual({ it: "Give a number of credits, or leave it empty." })
    expect(cap.typedOf({ it: null })).toEqual({ it: [""] })
  })

  test("percentages are basis points without a float on the way", () => {
    const percent = field.percent({ label: "Markup" })
    for (const [text, bp] of [
      ["2.5", 250],
      ["0.07", 7],
      ["100 %", 10_000],
      ["1.001", null],
      ["-1", null],
    ] as const)
      expect([text, read(percent, text)]).toEqual([text, bp])
    for (const bp of [0, 7, 50, 250, 10_000, 123_456]) {
      const [text = ""] = percent.write(bp)
      if (bp < 1_000_000) expect([bp, read(percent, text)]).toEqual([bp, bp])
    }
  })

  test("counts, days and dates", () => {
    expect(read(field.days({ label: "Days", min: 1, max: 30 }), "31")).toBeNull()
    expect(read(field.days({ label: "Days", min: 1, max: 30 }), "30")).toBe(30)
    expect(readJson(field.count({ label: "Count" }), 1.5)).toBeNull()
    expect(readJson(field.count({ label: "Count" }), 7)).toBe(7)
    const count = field.count({ label: "Count" })
    expect(count.write(128_000)).toEqual(["128,000"])
    for (const text of ["128,000", "128 000", "128_000", "128\u202f000", "128000"])
      expect(read(count, text)).toBe(128_000)
    // A point or a comma of a fraction is no thousand.
    for (const text of ["1,5", "1.000", "12,80", "1,28,000", ",128", "1,000,"]) expect(read(count, text)).toBeNull()
    const date = field.date({ label: "Day" })
    expect(read(date, "2026-11-30")).toBe(Date.UTC(2026, 10, 30))
    for (const text of ["2026-02-30", "2026-13-01", "30.11.2026", "", "2026-1-1"]) expect(read(date, text)).toBeNull()
    expect(date.write(Date.UTC(2026, 0, 2))).toEqual(["2026-01-02"])
  })

  test("signed credits take every minus that people type", () => {
    const amount = field.signedCredits({ label: "Amount", positive: true })
    for (const text of ["-12.5", "\u221212.5", "- 12.5"]) expect(read(amount, text)).toBe(nano(-12_500_000))
    expect(read(amount, "+3")).toBe(nano(3_000_000))
    for (const text of ["--1", "0", "-0", "-"]) expect(read(amount, text)).toBeNull()
  })

  test("a password keeps its spaces and is never shown again; a secret may be left out", () => {
    const login = form(
      {
        password: field.password({ label: "Password", autocomplete: "new-password" }),
        key: field.secret({ label: "Key" }),
      },
      { submit: "Save" },
    )
    const { values, typed } = login.parse(login.fromHtml(sent("password=+two+words+&key=")))
    expect(values).toEqual({ password: " two words ", key: null })
    expect(login.show({ action: "/x", typed }).fields.map((one) => one.typed)).toEqual([[], []])
  })

  test("a code is read however it was pasted", () => {
    const code = field.code()
    for (const text of [
      "788159",
      " 788 159",
      "788-159",
      "788\u2013159 ",
      "7 8 8 1 5 9",
      "788\u00a0159",
      "\u200e788159\u202c",
      "\uff17\uff18\uff18\uff11\uff15\uff19",
      "\u0667\u0668\u0668 \u0661\u0665\u0669",
      "\u06f7\u06f8\u06f8\u06f1\u06f5\u06f9",
      "\u096d\u096e\u096e\u0967\u096b\u096f",
    ])
      expect([text, read(code, text)]).toEqual([text, "788159"])
    // What is no code stays wrong: letters are not dropped, six digits are not picked out of a sentence.
    for (const text of ["788 15", "7881590", "a788159", "code 788159"]) expect(read(code, text)).not.toBe("788159")
    expect(code.look.maxlength).toBeUndefined()
  })

  test("choices are of their list, boxes may be absent", () => {
    const boxes = form(
      {
        one: field.choice({ label: "One", options: [{ value: "a", label: "A" }] }),
        many: field.choices({ label: "Many", options: [{ value: "a", label: "A" }] }),
        agreed: field.box({ label: "Agreed", missing: "Tick the box." }),
      },
      { submit: "Save" },
    )
    const right = boxes.parse(boxes.fromHtml(sent("one=a&many=a&agreed=1")))
    expect(right.values).toEqual({ one: "a", many: ["a"], agreed: true })
    const wrong = boxes.parse(boxes.fromHtml(sent("one=c&many=a&many=b")))
    expect(wrong.errors).toEqual({
      one: "Choose one of the list.",
      many: "Choose from the list.",
      agreed: "Tick the box.",
    })
  })

  test("a form's key is kept when it is one, and made when it is not", () => {
    const key = field.formKey()
    expect(read(key, "0123456789-abcdefghij")).toBe("0123456789-abcdefghij")
    expect(read(key, "<script>")).toMatch(/^[\w-]{20,64}$/)
  })
})

describe("a form", () => {
  const terms = form(
    {
      name: field.text({ label: "Name", missing: "Give a name.", max: 5 }),
      dailyClaimNano: field.credits({ name: "daily", label: "Daily" }),
      seenMs: field.version(),
      reason: field.reason(),
    },
    { submit: "Save" },
  )

  test("tells all that is wrong in its order, under the names of the fields", () => {
    const { errors, values, unread } = terms.parse(terms.fromHtml(sent("reason=&daily=lots&name=toolong")))
    expect(values).toBeNull()
    expect(unread).toEqual(["name", "dailyClaimNano", "reason"])
    expect(Object.entries(errors)).toEqual([
      ["name", "Keep this within 5 characters."],
      ["daily", "Give a number of credits, such as 500."],
      ["reason", "Give a reason, in a few words."],
    ])
  })

  test("maps errors of the domain back; what has no field is the form's", () => {
    const named = terms.named({ dailyClaimNano: "Too much.", principal: "Unknown.", reason: undefined })
    expect(terms.inOrder(named)).toEqual({ form: "Unknown.", daily: "Too much." })
    expect(Object.keys(terms.inOrder(named))).toEqual(["form", "daily"])
  })

  test("keeps what was not sent, and what it leaves out, as it is", () => {
    const present = { name: "Pro", dailyClaimNano: nano(5), seenMs: 9 }
    const { values } = terms.with({ dailyClaimNano: null }).parse({ daily: ["1"], reason: ["Why"] }, present)
    expect(values).toEqual({ name: "Pro", dailyClaimNano: nano(5), seenMs: 9, reason: "Why" })
  })

  test("shows what was typed before what is so, and the present version after a conflict", () => {
    const present = { name: "Pro", dailyClaimNano: nano(1_240_000_000), seenMs: 9 }
    const typed = { name: ["<b>"], seen_ms: ["3"] }
    const texts = (view: ReturnType<typeof terms.show>) =>
      Object.fromEntries(view.fields.map((one) => [one.name, one.typed[0]]))
    expect(texts(terms.show({ action: "/x", present, typed }))).toEqual({
      name: "<b>",
      daily: "1,240",
      seen_ms: "3",
      reason: undefined,
    })
    const stale = terms.show({ action: "/x", present, typed: terms.withoutVersion(typed) })
    expect(texts(stale).seen_ms).toBe("9")
  })

  test("as JSON refuses names it does not have, and says what it takes", () => {
    const { errors } = terms.fromJson({ name: "Pro", admin: true, reason: ["x"] })
    expect(Object.keys(errors)).toEqual(["admin", "reason"])
    expect(terms.schema()).toMatchObject({
      type: "object",
      additionalProperties: false,
      required: ["name", "reason"],
      properties: { name: { type: "string", maxLength: 5 }, reason: { maxLength: 500 } },
    })
    expect(terms.schema(["name"])).toMatchObject({ required: ["reason"], properties: { name: { maxLength: 5 } } })
  })

  test("no field takes a text with U+0000, in HTML and in JSON", () => {
    const fields = {
      line: field.text({ label: "Line" }),
      area: field.area({ label: "Area" }),
      list: field.lines({ label: "List" }),
    }
    const every = form(
      { ...fields, secret: field.secret({ label: "Secret" }), reason: field.reason() },
      { submit: "Save" },
    )
    for (const text of ["\0", "a\0b", "a\0"]) {
      const html = every.parse({ line: [text], area: [text], list: [text], secret: [text], reason: [text] })
      expect([html.values, Object.keys(html.errors)]).toEqual([null, ["line", "area", "list", "secret", "reason"]])
      const { typed, errors } = every.fromJson({
        line: text,
        area: text,
        list: ["a", text],
        secret: text,
        reason: text,
      })
      expect(Object.keys(every.parse(typed, {}, errors).errors)).toEqual(["line", "area", "list", "secret", "reason"])
    }
  })

  test("a field called like a member of every object is only a name", () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      const { errors, typed } = terms.fromJson(JSON.parse(`{"${name}":"x"}`))
      expect([Object.keys(errors), Object.keys(typed)]).toEqual([[name], []])
      expect(terms.parse({}, {}, errors).values).toBeNull()
      expect(Object.keys(terms.parse({}, {}, errors).errors)).toContain(name)
    }
  })
})
