// A mail to whoever asks, at once and past the outbox, so that the answer of the mail server can be shown.
import { type Ids, within } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Letter } from "../part/index.ts"
import type { Store, WriteContext } from "../store/index.ts"
import { render } from "./frame.ts"
import type { Mailer } from "./mailer.ts"
import type { Mails } from "./mails.ts"

/** People wait for it on a page. */
const WAIT_MS = 15_000

/** As any mail looks, so that whoever asks sees the house as people do. */
const LETTER: Letter<null> = {
  kind: "test",
  subject: (_, { productName }) => `A test mail of ${productName}`,
  body: (_, { productName, baseUrl }) => [
    `${productName} can send mail. This one was asked for on the page System.`,
    { text: "See how mail is doing:", link: `${baseUrl}/admin/system` },
  ],
  sample: null,
}

export interface MailTest {
  ok: boolean
  /** What the mail server said, or why it could not be asked. */
  answer: string
}

interface SendDeps {
  mailer: Pick<Mailer, "send">
  mails: Pick<Mails, "house">
  store: Pick<Store, "write">
  ids: Ids
}

export async function sendTestMail(
  { mailer, mails, store, ids }: SendDeps,
  ctx: WriteContext,
  to: { email: string; publicId: string },
): Promise<MailTest> {
  const mail = { to: to.email, ...render(LETTER, null, mails.house) }
  const sent = mailer.send(mail, ids.next("evt")).then(
    (answer): MailTest => ({ ok: true, answer }),
    (error: unknown): MailTest => ({ ok: false, answer: error instanceof Error ? error.message : String(error) }),
  )
  const late = { ok: false, answer: `no answer within ${WAIT_MS / 1_000} seconds` }
  const result = (await within(sent, WAIT_MS)) ?? late
  await store.write(ctx, (tx) => auditIn(tx, { action: "mail.tested", subject: to.publicId, after: result }))
  return result
}
