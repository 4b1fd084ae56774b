// A mail to whoever asks, at once and past the outbox, so that the answer of the mail server can be shown.
import { type Ids, PRODUCT_NAME, within } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Store, WriteContext } from "../store/index.ts"
import type { Mailer } from "./mailer.ts"

/** People wait for it on a page. */
const WAIT_MS = 15_000

export interface MailTest {
  ok: boolean
  /** What the mail server said, or why it could not be asked. */
  answer: string
}

export async function sendTestMail(
  { mailer, store, ids }: { mailer: Pick<Mailer, "send">; store: Pick<Store, "write">; ids: Ids },
  ctx: WriteContext,
  to: { email: string; publicId: string },
): Promise<MailTest> {
  const text = `This mail was asked for on the page System. ${PRODUCT_NAME} can send mail.\n`
  const mail = { to: to.email, subject: `A test mail of ${PRODUCT_NAME}`, text }
  const sent = mailer.send(mail, ids.next("evt")).then(
    (answer): MailTest => ({ ok: true, answer }),
    (error: unknown): MailTest => ({ ok: false, answer: error instanceof Error ? error.message : String(error) }),
  )
  const late = { ok: false, answer: `no answer within ${WAIT_MS / 1_000} seconds` }
  const result = (await within(sent, WAIT_MS)) ?? late
  await store.write(ctx, (tx) => auditIn(tx, { action: "mail.tested", subject: to.publicId, after: result }))
  return result
}
