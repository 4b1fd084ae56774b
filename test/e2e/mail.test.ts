// Real SMTP: a sign-up's code arrives by mail, through the outbox, once, even when the mail server is down at first.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { SMTPServer } from "smtp-server"
import { silentLog } from "../../src/app/index.ts"
import { createMailer } from "../../src/mail/index.ts"

const received: string[] = []
let refuse = 0
let server: SMTPServer
let url: string

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, _session, callback) {
      let text = ""
      stream.on("data", (chunk) => {
        text += chunk
      })
      stream.on("end", () => {
        if (refuse-- > 0) return callback(new Error("try later"))
        received.push(text)
        callback()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  url = `smtp://127.0.0.1:${(server.server.address() as { port: number }).port}`
})
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))

test("mail carries its event id, so that a repeated delivery can be recognised", async () => {
  const mailer = createMailer({ smtpUrl: url, from: "Purser <purser@example.com>", demo: false, log: silentLog })
  await mailer.send({ to: "ada@example.com", subject: "Your code", text: "123456" }, "evt_1")
  expect(received.at(-1)).toContain("Message-ID: <evt_1@purser>")
  expect(received.at(-1)).toContain("123456")
  expect(mailer.mailbox).toEqual([])
})

test("a letter leaves as text and as HTML, and a program may show either", async () => {
  const mailer = createMailer({ smtpUrl: url, from: "Purser <purser@example.com>", demo: false, log: silentLog })
  await mailer.send(
    { to: "ada@example.com", subject: "Your code", text: "plain words", html: "<p>rich words</p>" },
    "evt_9",
  )
  const mail = received.at(-1) ?? ""
  expect(mail).toMatch(/^Content-Type: multipart\/alternative/m)
  expect(mail.indexOf("plain words")).toBeGreaterThan(mail.indexOf("text/plain"))
  expect(mail.indexOf("rich words")).toBeGreaterThan(mail.indexOf("text/html"))
  expect(mail.indexOf("text/html")).toBeGreaterThan(mail.indexOf("plain words"))
})

test("mail that may be turned off says where, for one press of a mail program (RFC 8058)", async () => {
  const mailer = createMailer({ smtpUrl: url, from: "Purser <purser@example.com>", demo: false, log: silentLog })
  const offUrl = "https://ai.example.com/notices/off?who=usr_1&kind=plan_paid&sign=abc"
  await mailer.send({ to: "ada@example.com", subject: "s", text: "t", offUrl }, "evt_10")
  // Long headers are folded.
  const mail = (received.at(-1) ?? "").replace(/\r?\n[ \t]+/g, " ")
  expect(mail).toContain(`List-Unsubscribe: <${offUrl}>`)
  expect(mail).toContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
  await mailer.send({ to: "ada@example.com", subject: "s", text: "t", offUrl: null }, "evt_11")
  expect(received.at(-1)).not.toContain("List-Unsubscribe")
})

test("a server that refuses fails the delivery, so that the outbox tries again", async () => {
  const mailer = createMailer({ smtpUrl: url, from: "purser@example.com", demo: false, log: silentLog })
  refuse = 1
  await expect(mailer.send({ to: "ada@example.com", subject: "s", text: "t" }, "evt_2")).rejects.toThrow()
  await mailer.send({ to: "ada@example.com", subject: "s", text: "t" }, "evt_2")
  expect(received.at(-1)).toContain("evt_2")
})

test("line breaks in a subject or address cannot add headers", async () => {
  const mailer = createMailer({ smtpUrl: url, from: "purser@example.com", demo: false, log: silentLog })
  await mailer.send({ to: "ada@example.com", subject: "hi\r\nBcc: eve@example.com", text: "t" }, "evt_3")
  expect(received.at(-1)).not.toMatch(/^Bcc:/im)
})
