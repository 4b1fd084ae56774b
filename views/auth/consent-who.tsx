// Of the consent page: who answers for an app, whether anybody checked, and the device that waits with a code.
import { Icon, When } from "../ui/index.ts"

/** A developer of this server; or nobody here: it describes itself at an address of its own, or a program registered it. */
export type AppOrigin =
  | { kind: "developer"; name: string }
  | { kind: "document"; host: string }
  | { kind: "registration" }

/** A device that showed a code, and waits for the answer. */
export interface WaitingDevice {
  userCode: string
  startedMs: number
  now: number
  /** Where it was started; null: on the network of this very browser. */
  network: string | null
  /** What it says it is: `purser-cli/1.0`. */
  program: string
}

export function Origin({ origin }: { origin: AppOrigin }): JSX.Element {
  if (origin.kind === "registration") return <span>It registered itself</span>
  const [word, name] = origin.kind === "developer" ? ["by ", origin.name] : ["from ", origin.host]
  return (
    <span>
      {word as "safe"}
      <bdi safe>{name}</bdi>
    </span>
  )
}

/** What the person compares: a code that does not stand on a device of theirs is somebody else's. */
export function DeviceCode({ device }: { device: WaitingDevice }): JSX.Element {
  return (
    <section class="device-code" aria-labelledby="device-code">
      <h2 id="device-code">Does your device show this code?</h2>
      <p class="mono user-code" safe>
        {device.userCode}
      </p>
      <p class="quiet">
        {"Started "}
        <When ms={device.startedMs} now={device.now} never="" />
        {device.network === null ? (
          " on your network"
        ) : (
          <>
            {" on another network, "}
            <bdi class="strong" safe>
              {device.network}
            </bdi>
          </>
        )}
        {device.program ? (
          <>
            {", by "}
            <bdi safe>{device.program}</bdi>
          </>
        ) : null}
        {". If it is not yours, cancel."}
      </p>
    </section>
  )
}

/** A word that can be asked what it means: a popover of the platform, so without scripts too. */
/** @param domain the one that its developer has shown to be theirs */
export function Verified({
  verified,
  domain,
  origin,
}: {
  verified: boolean
  domain?: string | undefined
  origin: AppOrigin
}): JSX.Element {
  const [tone, word, meaning] = verified
    ? [
        "ok",
        "Verified",
        domain === undefined
          ? "The operator of this server has checked who makes this app."
          : `Its developer has shown that ${domain} is theirs. Nobody at this server has checked more.`,
      ]
    : ["warn", "Not verified", `${UNCHECKED[origin.kind]} Approve only if you know it and came from it yourself.`]
  return (
    <>
      {domain === undefined ? null : (
        <bdi class="strong app-domain" safe>
          {domain}
        </bdi>
      )}
      <button type="button" class={`badge ${tone} asks`} popovertarget="about-verified">
        <span safe>{word}</span>
        <Icon name="info" />
        <span class="sr">: what it means</span>
      </button>
      <span id="about-verified" class="meaning" popover="auto" safe>
        {meaning}
      </span>
    </>
  )
}

const UNCHECKED: Record<AppOrigin["kind"], string> = {
  developer: "Nobody at this server has checked who makes this app.",
  document: "This app describes itself at the address above. Nobody at this server has checked who makes it.",
  registration: "A program registered this app by itself, under a name of its choice. Nobody has checked it.",
}
