// The door of `mail`: the frame of letters, their way through the outbox, and the transport. What letters say belongs to the domain that
// queues them.
export { type Rendered, render } from "./frame.ts"
export { createMailer, type Mail, type Mailer, type StoredMail } from "./mailer.ts"
export { createMails, type MailPayload, type Mails, type MailsDeps, type QueuedMail, type Teller } from "./mails.ts"
export { mailPart } from "./part.ts"
export { probeSmtp } from "./probe.ts"
export { type MailTest, sendTestMail } from "./test-mail.ts"
