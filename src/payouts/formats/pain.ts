// ISO 20022 CustomerCreditTransferInitiation, pain.001.001.09: one message, one block of payments a currency, with counts and control sums.
// Texts are in the Latin characters of the SEPA rulebook; the order of elements is the schema's (test/clients/payout-file.test.ts holds it to it).

import { CURRENCIES, minorText } from "../money.ts"
import type { Debtor, PayoutFile } from "../types.ts"
import { latin } from "./latin.ts"
import type { Transfer } from "./transfer.ts"

export const PAIN_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"

const tag = (name: string, ...inner: string[]): string => `<${name}>${inner.join("")}</${name}>`
/** ISO ids have room for 35 characters, and ours is 30. */
const idText = (id: string): string => latin(id.replaceAll("_", "-"), 35)

/** Of amounts of several currencies too: it proves that nothing was lost on the way, and is no amount itself. */
function sumText(transfers: readonly Transfer[]): string {
  const cents = transfers.reduce(
    (sum, { minor, currency }) => sum + BigInt(minor) * 10n ** BigInt(2 - (CURRENCIES[currency] ?? 2)),
    0n,
  )
  return `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`
}

/** @param file whose id is the message's: the same file is the same bytes */
export function painOf(
  file: Pick<PayoutFile, "publicId" | "createdMs" | "debtor">,
  transfers: readonly Transfer[],
): string {
  const made = new Date(file.createdMs).toISOString()
  const byCurrency = Map.groupBy(transfers, ({ currency }) => currency)
  const head = tag(
    "GrpHdr",
    tag("MsgId", idText(file.publicId)),
    tag("CreDtTm", made.slice(0, 19)),
    tag("NbOfTxs", String(transfers.length)),
    tag("CtrlSum", sumText(transfers)),
    tag("InitgPty", tag("Nm", latin(file.debtor.name, 70))),
  )
  const blocks = [...byCurrency].map(([currency, some]) => block(file, currency, some, made.slice(0, 10)))
  const message = tag("CstmrCdtTrfInitn", head, ...blocks)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${PAIN_NAMESPACE}">${message}</Document>\n`
}

function block(
  { publicId, debtor }: Pick<PayoutFile, "publicId" | "debtor">,
  currency: string,
  transfers: readonly Transfer[],
  day: string,
): string {
  // Euros between accounts with an IBAN go by SEPA; for all else the bank chooses.
  const isSepa = currency === "EUR" && transfers.every(({ to }) => to.kind === "iban")
  return tag(
    "PmtInf",
    tag("PmtInfId", latin(`${publicId.slice(-24)}-${currency}`, 35)),
    tag("PmtMtd", "TRF"),
    tag("BtchBookg", "true"),
    tag("NbOfTxs", String(transfers.length)),
    tag("CtrlSum", sumText(transfers)),
    isSepa ? tag("PmtTpInf", tag("SvcLvl", tag("Cd", "SEPA"))) : "",
    tag("ReqdExctnDt", tag("Dt", day)),
    tag("Dbtr", tag("Nm", latin(debtor.name, 70))),
    tag("DbtrAcct", tag("Id", tag("IBAN", debtor.iban))),
    tag("DbtrAgt", agent(debtor)),
    tag("ChrgBr", isSepa ? "SLEV" : "SHAR"),
    ...transfers.map(transferOf),
  )
}

const agent = ({ bic }: Pick<Debtor, "bic">): string =>
  tag("FinInstnId", bic === "" ? tag("Othr", tag("Id", "NOTPROVIDED")) : tag("BICFI", bic))

function transferOf({ id, currency, minor, to }: Transfer): string {
  return tag(
    "CdtTrfTxInf",
    tag("PmtId", tag("EndToEndId", idText(id))),
    tag("Amt", `<InstdAmt Ccy="${currency}">${minorText(minor, currency)}</InstdAmt>`),
    to.kind === "us_bank"
      ? tag(
          "CdtrAgt",
          tag("FinInstnId", tag("ClrSysMmbId", tag("ClrSysId", tag("Cd", "USABA")), tag("MmbId", to.routing))),
        )
      : to.kind === "iban" && to.bic !== null
        ? tag("CdtrAgt", tag("FinInstnId", tag("BICFI", to.bic)))
        : "",
    tag("Cdtr", tag("Nm", latin("holder" in to ? to.holder : "", 70))),
    to.kind === "iban" ? tag("CdtrAcct", tag("Id", tag("IBAN", to.iban))) : "",
    to.kind === "us_bank"
      ? tag(
          "CdtrAcct",
          tag("Id", tag("Othr", tag("Id", to.account))),
          tag("Tp", tag("Cd", to.use === "savings" ? "SVGS" : "CACC")),
        )
      : "",
    tag("RmtInf", tag("Ustrd", latin(`Payout ${id}`, 140))),
  )
}
