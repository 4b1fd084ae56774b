// Whether the mail server takes mail from here: connects, greets, signs in, and sends nothing.
import { createTransport } from "nodemailer"

/** @returns null when it does, else what it or the network said */
export async function probeSmtp(smtpUrl: string, waitMs: number): Promise<string | null> {
  const transport = createTransport(smtpUrl, {})
  const timer = Promise.withResolvers<string>()
  const timeout = setTimeout(() => timer.resolve(`no answer within ${waitMs / 1_000} seconds`), waitMs)
  try {
    const asked = transport.verify().then(
      () => null,
      (error: Error) => error.message,
    )
    return await Promise.race([asked, timer.promise])
  } finally {
    clearTimeout(timeout)
    transport.close()
  }
}
