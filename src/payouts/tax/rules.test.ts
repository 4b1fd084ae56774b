// Tax numbers by the form of their country: what is taken and how it is kept, what is refused at which field, and how little is shown.
import { expect, test } from "bun:test"
import { COUNTRIES } from "../../app/index.ts"
import { readTaxNumber, taxNumberName } from "./rules.ts"
import type { TaxKind } from "./types.ts"

const read = (country: string, kind: TaxKind, number: string) => {
  const found = readTaxNumber({ country, kind, number })
  return "errors" in found ? Object.keys(found.errors).join() : `${found.number} …${found.hint}`
}

test("VAT IDs: with and without their country, as people write them", () => {
  // Examples that tax offices print themselves; each of another form.
  const taken: [string, string, string][] = [
    ["DE", "DE 123 456 789", "DE123456789 …6789"],
    ["DE", "123456789", "DE123456789 …6789"],
    ["AT", "atu12345678", "ATU12345678 …5678"],
    ["GR", "EL123456789", "EL123456789 …6789"],
    ["NL", "NL123456789B01", "NL123456789B01 …9B01"],
    ["FR", "FRXX123456789", "FRXX123456789 …6789"],
    ["ES", "ESX1234567X", "ESX1234567X …567X"],
    ["IE", "IE1234567WA", "IE1234567WA …67WA"],
    ["GB", "GB 123 4567 89", "GB123456789 …6789"],
    ["GB", "XI123456789", "XI123456789 …6789"],
    ["GB", "GBGD001", "GBGD001 …001"],
    ["CH", "CHE-123.456.789 MWST", "CHE123456789MWST …6789"],
    ["NO", "123 456 789 MVA", "NO123456789MVA …6789"],
    ["SE", "SE123456789701", "SE123456789701 …9701"],
    ["RO", "RO12", "RO12 …12"],
  ]
  expect(taken.map(([country, text]) => read(country, "vat", text))).toEqual(taken.map(([, , kept]) => kept))
  const refused: [string, string][] = [
    ["DE", "DE12345678"],
    ["DE", "DE1234567890"],
    ["DE", "AT123456789"],
    ["AT", "AT12345678"],
    ["GR", "GR123456789"],
    ["NL", "NL123456789"],
    ["ES", "ES123456789"],
    ["FR", "FRIO123456789"],
    ["GB", "GB12345678"],
    ["DE", "12345678９x"],
  ]
  expect(refused.filter(([country, text]) => read(country, "vat", text) !== "number")).toEqual([])
  expect(read("US", "vat", "123456789")).toBe("kind")
  expect(read("AU", "vat", "51 824 753 556")).toBe("51824753556 …3556")
})

test("numbers of the United States: what is given to nobody is refused, and they are of no other country", () => {
  expect(read("US", "ssn", "123-45-6789")).toBe("123456789 …6789")
  expect(read("US", "ssn", "912 70 1234")).toBe("912701234 …1234")
  for (const text of [
    "000-45-6789",
    "666-45-6789",
    "123-00-6789",
    "123-45-0000",
    "12345678",
    "1234567890",
    "12345678a",
  ])
    expect([text, read("US", "ssn", text)]).toEqual([text, "number"])
  expect(read("US", "ein", "12-3456789")).toBe("123456789 …6789")
  for (const text of ["00-3456789", "12-345678", "12-34567890"]) expect(read("US", "ein", text)).toBe("number")
  for (const kind of ["ssn", "ein"] as const) expect(read("DE", kind, "123-45-6789")).toBe("kind")
})

test("others are kept as they are written; little of a short one is shown", () => {
  expect(read("DE", "other", " 12/345/67890 ")).toBe("12/345/67890 …7890")
  expect(read("BR", "other", "123.456.789-09")).toBe("123.456.789-09 …8909")
  expect(read("SM", "other", "SM12345")).toBe("SM12345 …345")
  expect(read("SM", "other", "1234")).toBe("1234 …34")
  for (const text of ["", " ", "123", "ABCDE", "1".repeat(31), "12<b>34", "12\u202e34", "=1234+5", "12;34"])
    expect([text, read("DE", "other", text)]).toEqual([text, "number"])
  for (const country of ["", "D", "de", "XX", "__proto__"]) expect(read(country, "other", "12345")).toBe("country")
})

test("each country has a name, and a number is called by its kind, its country and its end", () => {
  expect([COUNTRIES.get("DE"), COUNTRIES.get("XK"), COUNTRIES.size]).toEqual(["Germany", "Kosovo", 244])
  expect([...COUNTRIES].filter(([code, name]) => code === name)).toEqual([])
  expect(taxNumberName({ kind: "vat", country: "DE", hint: "6789" })).toBe("VAT ID of Germany ending in 6789")
  expect(taxNumberName({ kind: "ssn", country: "US", hint: "6789" })).toBe("SSN or ITIN ending in 6789")
})
