// From a replica to the first server, in this process.
import type { Config, Log } from "../../app/index.ts"
import type { App, Overrides } from "../../compose.ts"
import { ReplicaError, type Restored, takeOver, type Word } from "../../replica/index.ts"
import { endReplaced } from "../base.ts"
import { fitOf } from "../fit.ts"
import { DECLARED } from "../parts.ts"

export interface FirstDeps {
  config: Config
  log: Log
  compose(config: Config, overrides: Overrides): Promise<App>
  /** Another server took over from it later. Default: the process ends. */
  onReplaced?: ((error: Error) => void) | undefined
}

/** What `promote` tells. */
export interface Promoted {
  lastMs: number
  /** Later than `lastMs`: it was accepted that the end is missing. */
  heldMs: number
  /** From the word until it answered. */
  tookMs: number
  restoreMs: number
  url: string
}

/**
 * @param ready called once the data is here, before it is opened: what stands in the way makes room
 * @throws ReplicaError, RemoteError; nothing was taken then
 */
export async function becomeFirst(
  { config, log, compose, onReplaced = endReplaced(log) }: FirstDeps,
  word: Word,
  ready: () => Promise<void> = async () => {},
): Promise<{ app: App; restored: Restored }> {
  let app: App | null = null
  const onShut = () => [app?.gateway.cutAll(), app?.jobs.cut()]
  const fit = fitOf(config, DECLARED.sealed)
  const replica = await takeOver({ config, log, onReplaced, onShut, fit }, word)
  const { restored } = replica
  if (!restored) throw new ReplicaError("nothing was restored")
  await ready()
  app = await compose(config, { log, replica })
  return { app, restored }
}

export const promotedOf = (
  { lastMs, heldMs, tookMs: restoreMs }: Restored,
  rest: Pick<Promoted, "tookMs" | "url">,
): Promoted => ({ lastMs, heldMs, restoreMs, ...rest })
