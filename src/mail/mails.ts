// Mails: letters of the parts on their way through the outbox. Queued in the body of its cause, a mail is sent once that is committed,
// and never if it is undone. Its data is sealed, for it may hold a one-time code and the row may outlive its delivery.
import { type Clock, invariant, type Keyring } from "../app/index.ts"
import type { Outbox } from "../outbox/index.ts"
import { type AnyLetter, type Deliver, type House, type Letter, type SealedColumn, sealIn } from "../part/index.ts"
import type { Store, Tx } from "../store/index.ts"
import { type Rendered, render } from "./frame.ts"
import type { Mailer } from "./mailer.ts"

export interface QueuedMail<Data> {
  to: string
  data: Data
  /** After this moment it is not worth sending; null = always. */
  uselessAfterMs: number | null
}

/** What the outbox row of topic `mail` carries. */
export interface MailPayload {
  to: string
  kind: string
  /** Sealed JSON of the letter's data. */
  sealed: string
  uselessAfterMs: number | null
  /** Where one press ends mails of this kind (RFC 8058). Missing in rows of older releases. */
  offUrl?: string | null
  /** The team that it is to. */
  team?: string
}

/** What becomes of a letter beside its mail: kept for its person to read, or not wanted by mail. */
export type Teller = (
  tx: Tx,
  letter: AnyLetter,
  to: string,
  data: unknown,
  house: House,
) => { sends: boolean; offUrl: string | null }

/** Who reads what is sent to an address that several people share, and what these are called; null: it is one person's. */
export type Sharing = (tx: Tx, letter: AnyLetter, to: string) => { name: string; to: readonly string[] } | null

export interface Mails {
  /** Who writes, as it is called and looks now. */
  readonly house: House
  /** From now on each letter that is queued is told there too, in the same transaction. */
  tellBy(teller: Teller): void
  /** From now on a letter to a shared address is one to each of its readers. */
  shareBy(sharing: Sharing): void
  /** The letter is one of a part: another is a programmer's error. */
  queueIn<Data>(tx: Tx, letter: Letter<Data>, mail: QueuedMail<Data>): void
  /** What would be sent now; null = too late, or no longer wanted. @throws Error for a kind that no part declares */
  compose(payload: MailPayload): (Rendered & { to: string; offUrl?: string }) | null
  deliver: Deliver
}

export interface MailsDeps {
  letters: readonly AnyLetter[]
  house: House
  store: Pick<Store, "read">
  clock: Clock
  keyring: Keyring
  outbox: Pick<Outbox, "enqueueIn">
  mailer: Pick<Mailer, "send">
}

/** No mail gets to a name below it (RFC 2606): addresses of test users, who have no mailbox. */
const NOWHERE = ".invalid"

/** A letter as each of a team's people reads it: whose affair it is comes first. */
const toTeam = (letter: AnyLetter, team: string): AnyLetter => ({
  ...letter,
  subject: (data, house) => `${team}: ${letter.subject(data, house)}`,
  body: (data, house) => [
    `This is about the team “${team}”. Act as the team to see what is linked here.`,
    ...letter.body(data, house),
  ],
})

const aad = (to: string): string => `outbox:mail:${to}`

export const SEALED_MAIL: SealedColumn = {
  what: "mail that waits",
  table: "outbox",
  blob: "CASE WHEN topic = 'mail' THEN json_extract(payload, '$.sealed') END",
  assign: "payload = json_set(payload, '$.sealed', ?)",
  purpose: "mail",
  columns: ["json_extract(payload, '$.to')"],
  place: aad,
}

export function createMails(deps: MailsDeps): Mails {
  const { house, store, clock, keyring, outbox, mailer } = deps
  const letters = new Map(deps.letters.map((letter) => [letter.kind, letter]))

  const compose: Mails["compose"] = (payload) => {
    const letter = letters.get(payload.kind)
    invariant(letter, `a part declares the letter ${payload.kind}`)
    if (payload.uselessAfterMs !== null && clock.now() >= payload.uselessAfterMs) return null
    if (letter.isWanted && !letter.isWanted(store.read, payload.to)) return null
    const data: unknown = JSON.parse(keyring.open("mail", aad(payload.to), payload.sealed))
    const offUrl = payload.offUrl ?? null
    const said = payload.team === undefined ? letter : toTeam(letter, payload.team)
    return { to: payload.to, ...(offUrl !== null && { offUrl }), ...render(said, data, house, offUrl) }
  }
  let teller: Teller = () => ({ sends: true, offUrl: null })
  let sharing: Sharing = () => null

  function queueOneIn(tx: Tx, letter: AnyLetter, mail: QueuedMail<unknown>, team?: string): void {
    if (mail.to.endsWith(NOWHERE)) return
    const said = team === undefined ? letter : toTeam(letter, team)
    const { sends, offUrl } = teller(tx, said, mail.to, mail.data, house)
    if (!sends) return
    const payload: MailPayload = {
      to: mail.to,
      kind: letter.kind,
      sealed: sealIn(tx, keyring, SEALED_MAIL, [mail.to], JSON.stringify(mail.data)),
      uselessAfterMs: mail.uselessAfterMs,
      ...(offUrl !== null && { offUrl }),
      ...(team !== undefined && { team }),
    }
    // The ordering key outlives the payload, so it is no address.
    outbox.enqueueIn(tx, { topic: "mail", subject: keyring.hmac("mail-order", mail.to), payload })
  }

  return {
    house,
    tellBy(by) {
      teller = by
    },
    shareBy(by) {
      sharing = by
    },
    queueIn(tx, letter, mail) {
      invariant(letters.get(letter.kind) === letter, `a part declares the letter ${letter.kind}`)
      const shared = sharing(tx, letter, mail.to)
      for (const to of shared?.to ?? [mail.to]) queueOneIn(tx, letter, { ...mail, to }, shared?.name)
    },
    compose,
    async deliver({ payload, eventId }) {
      const mail = compose(payload as MailPayload)
      if (mail) await mailer.send(mail, eventId)
    },
  }
}
