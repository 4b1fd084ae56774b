// Numbers of accounts: what registries give as examples passes, and every slip of one or two neighbouring characters does not.
import { expect, test } from "bun:test"
import { readAccount, readBic, readIban, readRouting } from "./banks.ts"

/** Examples of the IBAN registry. */
const IBANS = [
  "DE89 3704 0044 0532 0130 00",
  "GB29NWBK60161331926819",
  "FR14 2004 1010 0505 0001 3M02 606",
  "NO93 8601 1117 947",
  "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
  "CH93 0076 2011 6238 5295 7",
  "BE68539007547034",
  "nl91 abna 0417 1643 00",
  "LC55HEMM000100010012001200023015",
]

test("IBANs of the registry pass, in any writing", () => {
  for (const text of IBANS) expect(readIban(text)).toMatchObject({ iban: text.replaceAll(" ", "").toUpperCase() })
  expect(readIban(IBANS[0]!)).toMatchObject({ country: "DE" })
})

test("one wrong character, two that changed places, a wrong length, an unknown country: refused", () => {
  const right = "DE89370400440532013000"
  for (let at = 4; at < right.length; at++) {
    const other = right[at] === "7" ? "8" : "7"
    expect(readIban(right.slice(0, at) + other + right.slice(at + 1))).toHaveProperty("problem")
    const next = right[at + 1]
    if (next === undefined || next === right[at]) continue
    expect(readIban(right.slice(0, at) + next + right[at] + right.slice(at + 2))).toHaveProperty("problem")
  }
  for (const text of [
    "",
    "DE89",
    `${right}0`,
    right.slice(0, -1),
    "US89370400440532013000",
    "DE8937040044053201300é",
    "ZZ68539007547034",
  ])
    expect(readIban(text)).toHaveProperty("problem")
})

test("a BIC is of the IBAN's country, or left out", () => {
  expect(readBic(" coba de ff xxx", "DE")).toEqual({ bic: "COBADEFFXXX" })
  expect(readBic("COBADEFF", "DE")).toEqual({ bic: "COBADEFF" })
  expect(readBic("", "DE")).toEqual({ bic: null })
  for (const text of ["COBADE", "COBADEFFXX", "C€BADEFF"]) expect(readBic(text, "DE")).toHaveProperty("problem")
  expect(readBic("BNPAFRPP", "DE")).toHaveProperty("problem")
  expect(readBic("NWBKGB2L", "GI")).toEqual({ bic: "NWBKGB2L" })
})

test("routing numbers by their sum and district", () => {
  for (const text of ["021000021", "011401533", "091000019", "1210 0024 8".replace("1210", "1210")])
    expect(readRouting(text)).toHaveProperty("routing")
  for (const text of ["021000022", "120000021", "000000000", "02100002", "0210000211", "abcdefghi", "999999992"])
    expect(readRouting(text)).toHaveProperty("problem")
  expect(readAccount("000 123-456789")).toEqual({ account: "000123456789" })
  for (const text of ["123", "1".repeat(18), "12a45"]) expect(readAccount(text)).toHaveProperty("problem")
})
