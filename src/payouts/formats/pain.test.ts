// The file for a bank against the structure of pain.001.001.09: which elements, in which order, how often, of which form; counts and
// control sums are computed anew. The schema's sequences that we write to stand below as it has them.
import { expect, test } from "bun:test"
import type { Destination } from "../types.ts"
import { csvOf, paypalOf } from "./csv.ts"
import { isNameOfBanks, latin } from "./latin.ts"
import { PAIN_NAMESPACE, painOf } from "./pain.ts"
import type { Transfer } from "./transfer.ts"

const BANK: Destination = {
  kind: "iban",
  holder: "Jürgen Groß & Søn",
  iban: "DE89370400440532013000",
  bic: "COBADEFFXXX",
}
const PLAIN: Destination = { kind: "iban", holder: "<b>مرحبا</b>", iban: "NO9386011117947", bic: null }
const US: Destination = {
  kind: "us_bank",
  holder: "Ada Byron",
  routing: "021000021",
  account: "000123456789",
  use: "savings",
}
const PAYPAL: Destination = { kind: "paypal", email: "=cmd@example.com" }

const FILE = {
  publicId: "pyf_01K9ZT4M2Q8V6X3B7N5RJDHWCE",
  createdMs: Date.UTC(2026, 10, 28, 9, 30, 5, 123),
  debtor: { name: "Purser GmbH", iban: "DE02120300000000202051", bic: "BYLADEM1001" },
}
let made = 0
const pay = (to: Destination, currency: string, minor: number): Transfer => ({
  id: `pay_01K9ZT4M2Q8V6X3B7N5RJDHW${String(++made).padStart(2, "0")}`,
  currency,
  minor,
  to,
})
const TRANSFERS = [pay(BANK, "EUR", 2_350), pay(PLAIN, "EUR", 5), pay(US, "USD", 1_234_567), pay(BANK, "JPY", 1_511)]

/** Sequences of the schema, as far as we write to them: name, least, most; or one of several. */
type Rule = readonly (readonly [name: string, least: 0 | 1, most: number])[]
const SEQUENCES: Record<string, Rule> = {
  Document: [["CstmrCdtTrfInitn", 1, 1]],
  CstmrCdtTrfInitn: [["GrpHdr", 1, 1], ["PmtInf", 1, Infinity]],
  GrpHdr: [["MsgId", 1, 1], ["CreDtTm", 1, 1], ["Authstn", 0, 2], ["NbOfTxs", 1, 1], ["CtrlSum", 0, 1], ["InitgPty", 1, 1], ["FwdgAgt", 0, 1]],
  InitgPty: [["Nm", 0, 1], ["PstlAdr", 0, 1], ["Id", 0, 1]],
  PmtInf: [
    ["PmtInfId", 1, 1], ["PmtMtd", 1, 1], ["BtchBookg", 0, 1], ["NbOfTxs", 0, 1], ["CtrlSum", 0, 1], ["PmtTpInf", 0, 1],
    ["ReqdExctnDt", 1, 1], ["Dbtr", 1, 1], ["DbtrAcct", 1, 1], ["DbtrAgt", 1, 1], ["ChrgBr", 0, 1], ["CdtTrfTxInf", 1, Infinity],
  ],
  PmtTpInf: [["InstrPrty", 0, 1], ["SvcLvl", 0, Infinity], ["LclInstrm", 0, 1], ["CtgyPurp", 0, 1]],
  SvcLvl: [["Cd", 1, 1]],
  ReqdExctnDt: [["Dt", 1, 1]],
  Dbtr: [["Nm", 0, 1], ["PstlAdr", 0, 1], ["Id", 0, 1]],
  Cdtr: [["Nm", 0, 1], ["PstlAdr", 0, 1], ["Id", 0, 1]],
  DbtrAcct: [["Id", 0, 1], ["Tp", 0, 1], ["Ccy", 0, 1]],
  CdtrAcct: [["Id", 0, 1], ["Tp", 0, 1], ["Ccy", 0, 1]],
  "DbtrAcct/Id": [["IBAN", 0, 1], ["Othr", 0, 1]],
  "CdtrAcct/Id": [["IBAN", 0, 1], ["Othr", 0, 1]],
  Tp: [["Cd", 1, 1]],
  Othr: [["Id", 1, 1], ["SchmeNm", 0, 1]],
  DbtrAgt: [["FinInstnId", 1, 1]],
  CdtrAgt: [["FinInstnId", 1, 1]],
  FinInstnId: [["BICFI", 0, 1], ["ClrSysMmbId", 0, 1], ["LEI", 0, 1], ["Nm", 0, 1], ["PstlAdr", 0, 1], ["Othr", 0, 1]],
  ClrSysMmbId: [["ClrSysId", 0, 1], ["MmbId", 1, 1]],
  ClrSysId: [["Cd", 1, 1]],
  CdtTrfTxInf: [
    ["PmtId", 1, 1], ["PmtTpInf", 0, 1], ["Amt", 1, 1], ["ChrgBr", 0, 1], ["UltmtDbtr", 0, 1], ["CdtrAgt", 0, 1], ["Cdtr", 0, 1],
    ["CdtrAcct", 0, 1], ["Purp", 0, 1], ["RmtInf", 0, 1],
  ],
  PmtId: [["InstrId", 0, 1], ["EndToEndId", 1, 1]],
  Amt: [["InstdAmt", 1, 1]],
  RmtInf: [["Ustrd", 0, Infinity]],
} // biome-ignore format: a sequence a line

/** Simple types of the schema. */
const TEXTS: Record<string, RegExp> = {
  MsgId: /^.{1,35}$/,
  PmtInfId: /^.{1,35}$/,
  EndToEndId: /^.{1,35}$/,
  CreDtTm: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
  Dt: /^\d{4}-\d\d-\d\d$/,
  NbOfTxs: /^\d{1,15}$/,
  CtrlSum: /^\d{1,15}(\.\d{1,3})?$/,
  InstdAmt: /^\d{1,13}(\.\d{1,5})?$/,
  PmtMtd: /^TRF$/,
  BtchBookg: /^(true|false)$/,
  ChrgBr: /^(DEBT|CRED|SHAR|SLEV)$/,
  IBAN: /^[A-Z]{2}\d{2}[a-zA-Z0-9]{1,30}$/,
  BICFI: /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/,
  MmbId: /^.{1,35}$/,
  Cd: /^[A-Z]{4,5}$/,
  Nm: /^.{1,70}$/,
  Ustrd: /^.{1,140}$/,
  Id: /^.{1,34}$/,
}

interface Node {
  name: string
  attributes: string
  text: string
  children: Node[]
}

/** Elements, attributes and texts alone: whatever else stands there is refused. */
function read(xml: string): Node {
  const root: Node = { name: "", attributes: "", text: "", children: [] }
  const open = [root]
  for (const [, close, name, attributes = "", text] of xml.matchAll(
    /<(\/?)([A-Za-z]+)((?: [a-zA-Z]+="[^"<&]*")*)>|([^<]+)/g,
  )) {
    if (text !== undefined) open.at(-1)!.text += text
    else if (close) expect(open.pop()!.name).toBe(name!)
    else {
      const node = { name: name!, attributes, text: "", children: [] }
      open.at(-1)!.children.push(node)
      open.push(node)
    }
  }
  expect(open).toEqual([root])
  return root.children[0]!
}

function check(node: Node, parent = ""): void {
  const rule = SEQUENCES[`${parent}/${node.name}`] ?? SEQUENCES[node.name]
  if (node.children.length === 0) {
    expect([node.name, node.text]).toEqual([node.name, expect.stringMatching(TEXTS[node.name] ?? /^$/)])
    expect(node.text).toMatch(/^[a-zA-Z0-9/\-?:().,'+ ]+$/)
    return
  }
  expect([node.name, rule !== undefined, node.text.trim()]).toEqual([node.name, true, ""])
  const order = rule!.map(([name]) => name)
  const places = node.children.map(({ name }) => order.indexOf(name))
  expect([node.name, places]).toEqual([node.name, places.toSorted((a, b) => a - b)])
  for (const [name, least, most] of rule!) {
    const times = node.children.filter((child) => child.name === name).length
    expect([node.name, name, times >= least && times <= most]).toEqual([node.name, name, true])
  }
  for (const child of node.children) check(child, node.name)
}

const all = (node: Node, name: string): Node[] => [
  ...(node.name === name ? [node] : []),
  ...node.children.flatMap((child) => all(child, name)),
]
const only = (node: Node, name: string): string => node.children.find((child) => child.name === name)!.text
const cents = (text: string): bigint =>
  BigInt(text.replace(/^(\d+)(?:\.(\d\d))?$/, (_, whole, rest = "00") => whole + rest))

test("every element is where the schema has it, and says what it may", () => {
  const xml = painOf(FILE, TRANSFERS)
  expect(xml).toStartWith('<?xml version="1.0" encoding="UTF-8"?>\n')
  const document = read(xml.slice(xml.indexOf("\n") + 1).trim())
  expect(document.attributes).toBe(` xmlns="${PAIN_NAMESPACE}"`)
  check(document)
  const amounts = all(document, "InstdAmt")
  expect(amounts.map(({ attributes, text }) => `${attributes} ${text}`)).toEqual([
    ' Ccy="EUR" 23.50',
    ' Ccy="EUR" 0.05',
    ' Ccy="USD" 12345.67',
    ' Ccy="JPY" 1511',
  ])
})

test("counts and control sums are those of what is in it, of the whole and of each block", () => {
  const xml = painOf(FILE, TRANSFERS)
  const document = read(xml.slice(xml.indexOf("\n") + 1).trim())
  const sumOf = (node: Node) => all(node, "InstdAmt").reduce((sum, { text }) => sum + cents(text), 0n)
  const head = all(document, "GrpHdr")[0]!
  expect([only(head, "NbOfTxs"), cents(only(head, "CtrlSum"))]).toEqual(["4", sumOf(document)])
  const blocks = all(document, "PmtInf")
  expect(blocks.map((block) => only(block, "NbOfTxs"))).toEqual(["2", "1", "1"])
  for (const block of blocks) expect(cents(only(block, "CtrlSum"))).toBe(sumOf(block))
  const ids = [...all(document, "PmtInfId"), ...all(document, "EndToEndId")].map(({ text }) => text)
  expect(new Set(ids).size).toBe(ids.length)
  // Euros between IBANs are a SEPA payment, with its own rule of charges.
  expect(blocks.map((block) => only(block, "ChrgBr"))).toEqual(["SLEV", "SHAR", "SHAR"])
  expect(all(blocks[0]!, "SvcLvl").length).toBe(1)
})

test("the same file is the same bytes; names are in the letters that banks take", () => {
  expect(painOf(FILE, TRANSFERS)).toBe(painOf(FILE, TRANSFERS))
  expect(latin("Jürgen Groß & Søn", 70)).toBe("Jurgen Gross + Son")
  expect(latin("مرحبا", 70)).toBe("NOTPROVIDED")
  expect(latin("a".repeat(90), 70)).toHaveLength(70)
})

test("Greek and Cyrillic names are written as their authorities write them; a name of which nothing is left is none", () => {
  const names: [typed: string, written: string][] = [
    ["Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"],
    ["Θάλεια Ψαρρή", "Thaleia Psarri"],
    ["Παύλος Ευθυμίου", "Pavlos Efthymiou"],
    ["Николай Щърбанов", "Nikolay Shtarbanov"],
    ["Йордан Жеков", "Yordan Zhekov"],
    ["Ελένη O’Brien", "Eleni O'Brien"],
    ["Łukasz Żółć 🚀", "Lukasz Zolc"],
    ["ŠKODA Ærø", "SKODA Aero"],
    ["ﬁne ①", "fine 1"],
  ]
  for (const [typed, written] of names) expect([typed, latin(typed, 70)]).toEqual([typed, written])
  expect(latin("Щ".repeat(40), 70)).toBe("Sht".repeat(24).slice(0, 70))
  expect(["Ada", "Ω 1", "李 Wei", "مرحبا", "李小龍", "7 - 7", "🚀", ""].map(isNameOfBanks)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ])
})

test("tables: one line a payment, and no cell that a spreadsheet would run", () => {
  const lines = csvOf([pay(BANK, "EUR", 2_350), pay(US, "USD", 99), pay(PAYPAL, "USD", 100)])
    .trimEnd()
    .split("\r\n")
  expect(lines.length).toBe(4)
  expect(lines[1]).toContain(",Jürgen Groß & Søn,DE89370400440532013000,COBADEFFXXX,,,,,EUR,23.50")
  expect(lines[2]).toContain(",021000021,000123456789,savings,,USD,0.99")
  const paypal = paypalOf([pay(BANK, "EUR", 2_350), pay(PAYPAL, "USD", 100)])
    .trimEnd()
    .split("\r\n")
  expect(paypal.length).toBe(1)
  expect(paypal[0]).not.toStartWith("=")
  expect(paypal[0]).toContain(",1.00,USD,pay_")
})
