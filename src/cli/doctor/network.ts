// What others must reach, and what Purser must reach: port, public address with its certificate, proxies, mail.
import { createServer } from "node:net"
import { DAY_MS } from "../../app/index.ts"
import { probeSmtp } from "../../mail/index.ts"
import { certificateOf } from "./certificate.ts"
import { type Examine, type Finding, said } from "./types.ts"

/** For one look at something outside. */
const WAIT_MS = 5_000
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]", "::1"]

export const settings: Examine = ({ problems, mistyped, config: { host, baseUrl, mailFrom, smtpUrl } }) => {
  const wrong = problems.map((problem) => {
    const [name = "", ...rest] = problem.split(": ")
    const text = rest.join(": ")
    const id = /http is for loopback/.test(text) ? "base-url-http" : "setting"
    return said(id, "Settings").bad(`${name}: ${text}`, `Correct ${name}; purser config shows what is in force.`)
  })
  const typos = mistyped.map((words) =>
    said("setting-unknown", "Settings").warn(words, "Rename it, or take it out of the environment: it sets nothing."),
  )
  const found: Finding[] = [...wrong, ...typos]
  const isLocal = LOOPBACK.includes(new URL(URL.canParse(baseUrl) ? baseUrl : "http://localhost").hostname)
  if (isLocal && !LOOPBACK.includes(host) && !/^127\./.test(host))
    found.push(
      said("base-url-local", "Address").warn(
        `it listens on ${host}, and every link names ${baseUrl}`,
        "Set PURSER_BASE_URL to the address that people use, before the first start: it cannot be changed later.",
      ),
    )
  if (smtpUrl && /@localhost>?$/.test(mailFrom))
    found.push(
      said("mail-from", "Mail").warn(
        `mail comes from ${mailFrom}`,
        "Set PURSER_MAIL_FROM to an address of your domain, or mail ends as spam.",
      ),
    )
  return found.length > 0 ? found : [said("settings", "Settings").ok("all are right")]
}

export const port: Examine = async ({ config: { host, port }, server }) => {
  const one = said("port", "Port")
  if (server) return [one.ok(`the server listens on ${host} port ${port}`)]
  const stopped = said("server", "Server").warn("no server runs on this data folder", "Start it: purser serve.")
  if (port === 0) return [stopped]
  const code = await new Promise<string | null>((done) => {
    const probe = createServer()
    probe.once("error", (error: NodeJS.ErrnoException) => done(error.code ?? "failed"))
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => done(null)))
  })
  if (code === null) return [stopped]
  const remedy: Record<string, string> = {
    EADDRINUSE: "Stop the program that has it (ss -ltnp tells which), or set another --port.",
    EACCES: "Set a --port of 1024 or higher, or give the unit CAP_NET_BIND_SERVICE.",
  }
  const text =
    code === "EADDRINUSE"
      ? `port ${port} on ${host} is taken by another program`
      : `cannot listen on ${host} port ${port} (${code})`
  return [one.bad(text, remedy[code] ?? "Set --host to an address of this machine.")]
}

export const proxies: Examine = ({ config: { baseUrl, trustedProxies } }) => {
  // TLS ends somewhere else, and whoever ends it forwards.
  if (!baseUrl.startsWith("https:") || trustedProxies.length > 0) return []
  return [
    said("proxies-untrusted", "Proxy").warn(
      `${baseUrl} is answered by a proxy, and none is trusted`,
      "Name its address in PURSER_TRUSTED_PROXIES, so that the people behind it are told apart.",
    ),
  ]
}

export const address: Examine = async ({ config: { baseUrl }, nowMs }) => {
  if (!URL.canParse(baseUrl)) return []
  const url = new URL(baseUrl)
  if (url.protocol !== "https:") return []
  const one = said("certificate", "Certificate")
  const found = await certificateOf(url)
  if ("error" in found)
    return [
      said("address-unreachable", "Address").bad(
        `${baseUrl} cannot be reached from here (${found.error})`,
        "Look at DNS, the proxy and the firewall.",
      ),
    ]
  const { certificate, problem } = found
  const endsMs = Date.parse(certificate.valid_to)
  if (endsMs <= nowMs)
    return [one.bad(`the certificate of ${url.host} ended ${certificate.valid_to}`, "Renew it where TLS ends.")]
  if (problem !== null)
    return [
      one.bad(
        `browsers do not accept the certificate of ${url.host} (${problem})`,
        "Use one of a public authority for this name, with its chain.",
      ),
    ]
  const days = Math.floor((endsMs - nowMs) / DAY_MS)
  if (days < 14)
    return [
      one.warn(
        `the certificate of ${url.host} ends in ${days} days`,
        "Renew it where TLS ends, and look why that did not happen by itself.",
      ),
    ]
  return [one.ok(`valid for ${days} days`)]
}

export const mail: Examine = async ({ config: { smtpUrl, demo } }) => {
  const one = said("mail", "Mail")
  if (demo) return []
  if (!smtpUrl)
    return [
      said("mail-missing", "Mail").warn(
        "no SMTP server is set; mail goes to the log",
        "Set PURSER_SMTP_URL: nobody can sign up before a code can be mailed.",
      ),
    ]
  const { hostname, port } = new URL(smtpUrl)
  const where = `${hostname}:${port || (smtpUrl.startsWith("smtps:") ? 465 : 587)}`
  const problem = await probeSmtp(smtpUrl, WAIT_MS)
  if (problem === null) return [one.ok(`${where} takes mail`)]
  return [
    said("mail-unreachable", "Mail").bad(
      `${where} does not take mail (${problem})`,
      "Check host, port, user and password in PURSER_SMTP_URL, and whether this machine may send there.",
    ),
  ]
}
