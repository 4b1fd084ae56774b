// Certificate and key as files of somebody else's, who replaces them: read again when they change, and used only when they fit.
import { readFileSync } from "node:fs"
import { type Certificate, CertificateError, certificateOf } from "./certificate.ts"

export interface Files {
  cert: string
  key: string
}

/** @throws CertificateError naming the file */
export function readPair({ cert, key }: Files): Certificate {
  const read = (path: string): string => {
    try {
      return readFileSync(path, "utf8")
    } catch (error) {
      throw new CertificateError(`cannot read ${path}: ${(error as Error).message}`)
    }
  }
  try {
    return certificateOf(read(cert), read(key))
  } catch (error) {
    if (error instanceof CertificateError && !error.message.startsWith("cannot read"))
      throw new CertificateError(`the certificate ${cert} cannot be used: ${error.message}`)
    throw error
  }
}

/** Looks every few seconds; files replaced by a link, as orchestrators do, tell no watcher. */
export function watchPair(
  files: Files,
  current: Certificate,
  on: { changed(next: Certificate): void; refused(error: Error): void },
  everyMs: number,
): { stop(): void } {
  let [cert, key] = [current.cert, current.key]
  let refused = ""
  const look = (): void => {
    try {
      const next = readPair(files)
      refused = ""
      if (next.cert === cert && next.key === key) return
      cert = next.cert
      key = next.key
      on.changed(next)
    } catch (error) {
      const { message } = error as Error
      // Half of a pair is written first: said once, and again when it says something else.
      if (message !== refused) on.refused(error as Error)
      refused = message
    }
  }
  const timer = setInterval(look, everyMs)
  timer.unref?.()
  return { stop: () => clearInterval(timer) }
}
