// The file for a bank, held by software that is not ours: libxml2 validates what an admin downloads by ISO's own schema of pain.001.001.09, and
// Python adds it up anew. Names that want to break it are written in the letters that banks take, and cut to the room there is.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { XmlDocument, XsdValidator } from "libxml2-wasm"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { painOf } from "../../src/payouts/formats/pain.ts"
import { COOLING_DAYS, DEBTOR_IBAN, DEBTOR_NAME, RATES, type SetMethodInput } from "../../src/payouts/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"
import { askPayout, earned } from "../payout-world.ts"
import { python } from "./python.ts"

const SCHEMA = join(import.meta.dir, "../fixtures/iso20022/pain.001.001.09.xsd")
/** As three packages of others have it: whoever changes it no longer tests by the standard (its README). */
const SCHEMA_SHA256 = "05440a7e84f695e7dbc6677082f43623cd7393881b76a5e8d648ae21d7d728e3"
const FILES = "/admin/payouts/files"

interface Sums {
  count: number
  counted: number
  isSumRight: boolean
}
interface Read {
  message: Sums
  blocks: (Sums & { level: string | null; charges: string })[]
  payments: Record<"id" | "currency" | "amount" | "name" | "account" | "bank", string | null>[]
}

const iban = (holder: string, currency = "EUR", number = "DE89370400440532013000", bic = "") =>
  ({ kind: "iban", holder, iban: number, bic, currency }) as const
const PAYEES: (readonly [typed: SetMethodInput["typed"], written: string])[] = [
  [iban("Jürgen Groß & Søn"), "Jurgen Gross + Son"],
  [iban("O’Brien; \"Ada\" & Co. 'x' ]]"), "O'Brien Ada + Co. 'x'"],
  [iban("Zoë 🚀👩🏽‍🚀 Łukasiewicz".replaceAll("\u200d", "")), "Zoe Lukasiewicz"],
  [iban("مرحبا Layla"), "Layla"],
  [iban("&amp;&#60;script&#62;"), "+amp + 60 script+ 62"],
  [iban("Ł".repeat(70)), "L".repeat(70)],
  [iban("Щ".repeat(70)), "Sht".repeat(24).slice(0, 70)],
  [iban("Γιώργος Παπαδόπουλος", "EUR", "GR1601101250000000012300695", "ETHNGRAA"), "Giorgos Papadopoulos"],
  [iban("Kåre Ødegård", "NOK", "NO9386011117947"), "Kare Odegard"],
  [iban("Yuki", "JPY"), "Yuki"],
  [
    {
      kind: "us_bank",
      holder: "Ada & <Byron>".replaceAll(/[<>]/g, ""),
      routing: "021000021",
      account: "000123456789",
      use: "savings",
    },
    "Ada + Byron",
  ],
]

let server: TestServer
let boss: WebAgent
let schema: XmlDocument
let validator: XsdValidator
beforeAll(async () => {
  schema = XmlDocument.fromString(await Bun.file(SCHEMA).text())
  validator = XsdValidator.fromDoc(schema)
  server = await startTestServer()
  const { app } = server
  const admin = await makeUser(app, { isAdmin: true })
  const buyer = await makeUser(app)
  await app.store.write(CTX, (tx) => {
    app.settings.setIn(tx, COOLING_DAYS, { value: 0 })
    app.settings.setIn(tx, RATES, { value: ["EUR=0.923457", "JPY=151.377", "NOK=10.9911"] })
    app.settings.setIn(tx, DEBTOR_NAME, { value: "Käufer & Söhne GmbH" })
    app.settings.setIn(tx, DEBTOR_IBAN, { value: "DE02120300000000202051" })
  })
  for (const [typed] of PAYEES) {
    const developer = await makeDeveloper(app)
    await earned(app, developer, buyer, 100)
    await app.store.write(CTX, (tx) => app.payouts.setMethodIn(tx, { userId: developer.id, typed }))
    const publicId = await askPayout(app, developer.id)
    await app.store.write(CTX, (tx) => app.payouts.approveIn(tx, publicId))
  }
  boss = await signedIn(server, admin.email)
}, 120_000)
afterAll(async () => {
  validator?.dispose()
  schema?.dispose()
  await server?.close()
})

/** What the schema says against a document; "" = nothing. */
function problemsOf(xml: string): string {
  const document = XmlDocument.fromString(xml)
  try {
    validator.validate(document)
    return ""
  } catch (error) {
    return (error as Error).message
  } finally {
    document.dispose()
  }
}

/** Downloaded from pages, as an admin does. */
async function madeFile(): Promise<{ path: string; xml: string; words: string }> {
  const made = await boss.submit(await boss.get(server.at(FILES)), FILES, { format: "pain", reason: "Friday run" })
  const path = new URL(made.url).pathname
  const { status, text } = await boss.get(server.at(`${path}/download`))
  expect(status).toBe(200)
  return { path, xml: text, words: plainText(made.text) }
}

test("the schema is ISO's, byte by byte", async () => {
  const bytes = await Bun.file(SCHEMA).bytes()
  expect(new Bun.CryptoHasher("sha256").update(bytes).digest("hex")).toBe(SCHEMA_SHA256)
})

test("what an admin downloads is valid, Python comes to the same count and sums, and pages say the same amounts", async () => {
  const { path, xml, words } = await madeFile()
  expect(problemsOf(xml)).toBe("")
  const read = await python<Read>("payout-reader.py", xml)
  expect(read.message).toEqual({ count: PAYEES.length, counted: PAYEES.length, isSumRight: true })
  for (const block of read.blocks) expect(block).toMatchObject({ count: block.counted, isSumRight: true })
  // One block a currency; euros between IBANs go by SEPA, with its rule of charges.
  expect(read.blocks.map(({ level, charges }) => [level, charges])).toEqual([
    ["SEPA", "SLEV"],
    [null, "SHAR"],
    [null, "SHAR"],
    [null, "SHAR"],
  ])
  expect(read.payments.map(({ name }) => name)).toEqual(PAYEES.map(([, written]) => written))
  for (const { name } of read.payments) expect(name).toMatch(/^[a-zA-Z0-9/\-?:().,'+ ]{1,70}$/)
  // 25 dollars each, at the rates of the settings, down to the smallest unit.
  const amounts = { EUR: "23.08", NOK: "274.77", JPY: "3784", USD: "25.00" }
  for (const { currency, amount } of read.payments) {
    expect([currency, amount]).toEqual([currency, amounts[currency as keyof typeof amounts]])
    expect(words).toContain(`${currency} ${amount}`)
  }
  expect(read.payments.at(7)).toMatchObject({ account: "GR1601101250000000012300695", bank: "ETHNGRAA" })
  expect(read.payments.at(-1)).toMatchObject({ account: "000123456789", bank: "021000021" })
  // The same bytes each time; and what is taken back is sent by nobody.
  expect((await boss.get(server.at(`${path}/download`))).text).toBe(xml)
  await boss.submit(await boss.get(server.at(`${path}/withdrawal`)), `${path}/withdrawal`, { reason: "Not sent" })
  expect((await boss.get(server.at(`${path}/download`))).status).toBe(409)
})

test("methods that are older than the rule for names: of any text a valid message comes", async () => {
  const names = [
    "",
    "李小龍",
    "🚀",
    "\u202emoc.elgoog",
    "<b>&</b>",
    "a".repeat(200),
    "Ł ".repeat(100),
    "\0\x01\ufffe\ud800",
    "\n\r\t",
  ]
  const transfers = names.map((holder, at) => ({
    id: `pay_01K9ZT4M2Q8V6X3B7N5RJDHW${String(at).padStart(2, "0")}`,
    currency: "EUR",
    minor: at + 1,
    to: { kind: "iban", holder, iban: "DE89370400440532013000", bic: null } as const,
  }))
  const debtor = { name: names.join(" "), iban: "DE02120300000000202051", bic: "" }
  const xml = painOf({ publicId: "pyf_01K9ZT4M2Q8V6X3B7N5RJDHWCE", createdMs: 0, debtor }, transfers)
  expect(problemsOf(xml)).toBe("")
  const read = await python<Read>("payout-reader.py", xml)
  expect(read.message).toEqual({ count: names.length, counted: names.length, isSumRight: true })
  for (const { name } of read.payments) expect(name).toMatch(/^[a-zA-Z0-9/\-?:().,'+ ]{1,70}$/)
})

test("the schema and Python would say it, if it were wrong", async () => {
  const { xml } = await madeFile()
  const broken: Record<string, string> = {
    "an element out of order": xml.replace(/(<NbOfTxs>\d+<\/NbOfTxs>)(<CtrlSum>[\d.]+<\/CtrlSum>)/, "$2$1"),
    "a name too long": xml.replace(/<Cdtr><Nm>/, `$&${"x".repeat(141)}`),
    "no name of a currency": xml.replace('Ccy="EUR"', ""),
    "an IBAN of no form": xml.replace(/<IBAN>DE/, "<IBAN>12"),
    "an id too long": xml.replace(/<EndToEndId>/, "$&0123456789"),
    "an element of nobody": xml.replace("<RmtInf>", "<Thanks/>$&"),
    "another version": xml.replace("pain.001.001.09", "pain.001.001.03"),
    "no payments": xml.replaceAll(/<CdtTrfTxInf>.*<\/CdtTrfTxInf>/g, ""),
  }
  for (const [what, text] of Object.entries(broken))
    expect([what, text !== xml, problemsOf(text) !== ""]).toEqual([what, true, true])
  const more = await python<Read>(
    "payout-reader.py",
    xml.replace('<InstdAmt Ccy="EUR">23.08', '<InstdAmt Ccy="EUR">23.09'),
  )
  expect([more.message.isSumRight, more.blocks[0]!.isSumRight]).toEqual([false, false])
  expect(problemsOf(xml)).toBe("")
})
