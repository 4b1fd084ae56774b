// The certificate that an address answers with, for doctor and smoke.
import { connect as connectTls, type PeerCertificate } from "node:tls"

const WAIT_MS = 5_000

/** `problem`: why browsers would not accept it; null = they do. */
export type Certificate = { certificate: PeerCertificate; problem: string | null; protocol: string } | { error: string }

/** Looks at the certificate, whatever it is, and sends nothing. */
export function certificateOf(url: URL): Promise<Certificate> {
  const hostname = url.hostname.replace(/^\[|\]$/g, "")
  const isName = !/^[\d.]+$|:/.test(hostname)
  return new Promise((done) => {
    const socket = connectTls({
      host: hostname,
      port: Number(url.port || 443),
      // It is only looked at: nothing is sent.
      rejectUnauthorized: false,
      ...(isName ? { servername: hostname } : {}),
    })
    const end = (result: Certificate) => {
      socket.destroy()
      done(result)
    }
    socket.setTimeout(WAIT_MS, () => end({ error: "no answer within 5 seconds" }))
    socket.once("error", (error: NodeJS.ErrnoException) => end({ error: error.code ?? error.message }))
    socket.once("secureConnect", () => {
      const { authorizationError: problem } = socket
      end({
        certificate: socket.getPeerCertificate(),
        problem: problem ? String(problem) : null,
        protocol: socket.getProtocol() ?? "TLS",
      })
    })
  })
}
