// The door of `tls`: which certificate this server shows, where it comes from, and its change while connections go on. A new one is used
// only once it fits; the one that works is never given up for nothing.
import { type AcmeConfig, type Clock, type Config, hostNames, type Keyring, type Log } from "../app/index.ts"
import { sealIn } from "../part/index.ts"
import type { Store, WriteContext } from "../store/index.ts"
import { type Certificate, certificateOf } from "./certificate.ts"
import { readPair, watchPair } from "./files.ts"
import { type Account, orderCertificate } from "./order.ts"
import { isDue } from "./rules.ts"
import { selfSigned } from "./self-signed.ts"
import { PURPOSE, type Remembered, SEALED_CERTIFICATES, saveSealed, sealedOf } from "./store.ts"

export { type Certificate, CertificateError } from "./certificate.ts"
export { tlsPart } from "./part.ts"

export interface Tls {
  /** Null: this server speaks plain HTTP. */
  readonly current: Certificate | null
  /** Nobody vouches for the current one: the first was not issued yet. */
  readonly isTemporary: boolean
  /** Why files that were replaced are not used; null = they are. */
  readonly refused: string | null
  /** What the plain listener answers an authority. */
  readonly challenges: ReadonlyMap<string, string>
  /** Called with each new one. */
  onChange(use: (certificate: Certificate) => void): void
  /** Orders a new one when the present one is due. @returns whether it did. @throws Error with what the authority said */
  renewIfDue(): Promise<boolean>
  stop(): void
}

interface Deps {
  config: Pick<Config, "tlsFiles" | "acme" | "hosts">
  store: Pick<Store, "read" | "write">
  keyring: Keyring
  clock: Clock
  log: Log
  /** How often files are looked at, ms. */
  lookMs?: number
}

const LOOK_MS = 2_000
const CTX: WriteContext = { actor: "system:renew-certificate", requestId: "job_renew-certificate", reason: "ACME" }

/** @throws CertificateError when the files cannot be used */
export async function openTls(deps: Deps): Promise<Tls> {
  const { config } = deps
  if (config.acme) return openAcme(deps, config.acme, hostNames(config.hosts))
  return openFiles(deps)
}

/**
 * Files of somebody else's, or none: plain HTTP. Needs no data.
 * @throws CertificateError when they cannot be used
 */
export function openFiles({
  config,
  log,
  lookMs = LOOK_MS,
}: Pick<Deps, "log" | "lookMs"> & { config: Pick<Config, "tlsFiles"> }): Tls {
  const listeners: ((certificate: Certificate) => void)[] = []
  let current = config.tlsFiles && readPair(config.tlsFiles)
  let refused: string | null = null
  const watch =
    config.tlsFiles && current
      ? watchPair(
          config.tlsFiles,
          current,
          {
            changed(next) {
              refused = null
              current = next
              log.info("tls.changed", { until: new Date(next.untilMs).toISOString(), issuer: next.issuer })
              for (const use of listeners) use(next)
            },
            refused(error) {
              refused = error.message
              log.error("tls.refused", { error: error.message, kept: "the certificate that works stays in use" })
            },
          },
          lookMs,
        )
      : null
  return {
    get current() {
      return current
    },
    isTemporary: false,
    get refused() {
      return refused
    },
    challenges: new Map(),
    onChange: (use) => void listeners.push(use),
    renewIfDue: async () => false,
    stop: () => watch?.stop(),
  }
}

async function openAcme(
  { store, keyring, clock, log }: Deps,
  acme: AcmeConfig,
  hosts: readonly [string, ...string[]],
): Promise<Tls> {
  const listeners: ((certificate: Certificate) => void)[] = []
  const challenges = new Map<string, string>()
  const open = <T>(key: Remembered): T | null => {
    const sealed = sealedOf(store.read, key)
    if (sealed === null) return null
    try {
      return JSON.parse(keyring.open(PURPOSE, key, sealed)) as T
    } catch (error) {
      // Sealed with another key: it is made anew, which costs a minute.
      log.warn("tls.unreadable", { what: key, error: (error as Error).message })
      return null
    }
  }
  const kept = open<{ cert: string; key: string }>("acme_certificate")
  const issued = kept && certificateOf(kept.cert, kept.key)
  let isTemporary = !hosts.every((host) => issued?.isFor(host))
  let current = isTemporary || !issued ? await selfSigned(...hosts) : issued
  return {
    get current() {
      return current
    },
    get isTemporary() {
      return isTemporary
    },
    refused: null,
    challenges,
    onChange: (use) => void listeners.push(use),
    async renewIfDue() {
      if (!isTemporary && !isDue(current, clock.now())) return false
      const { certificate, account } = await orderCertificate(acme, hosts, open<Account>("acme_account"), challenges)
      // Saved first: what is shown is also there after the next start.
      await store.write(CTX, (tx) => {
        const save = (key: Remembered, value: unknown) =>
          saveSealed(tx, key, sealIn(tx, keyring, SEALED_CERTIFICATES, [key], JSON.stringify(value)))
        save("acme_account", account)
        save("acme_certificate", { cert: certificate.cert, key: certificate.key })
      })
      current = certificate
      isTemporary = false
      log.info("tls.issued", {
        host: hosts.join(" "),
        until: new Date(certificate.untilMs).toISOString(),
        issuer: certificate.issuer,
      })
      for (const use of listeners) use(certificate)
      return true
    },
    stop() {},
  }
}
