// Where the tokens of an app are kept, and one at a time for what may happen once: tabs share a sign-in, and a refresh token counts once.
import type { Options, Person } from "../sdk.d.ts"

export interface Kept {
  access: string
  refresh: string
  /** ms since the epoch. */
  endsMs: number
  scope: string
  idToken: string
  person: Person
}

export interface Store {
  get(): Kept | null
  set(kept: Kept | null): void
  /** The next tokens of a sign-in: whoever else holds the last ones gets them, too. */
  renewed(from: string, kept: Kept): void
}

/** @param changed what another tab did */
export function openStore(key: string, kind: NonNullable<Options["store"]>, changed: () => void): Store {
  const area = kind === "memory" ? null : kind === "local" ? localStorage : sessionStorage
  let memory: string | null = null
  addEventListener("storage", (event) => {
    const { storageArea, key: about } = event as StorageEvent
    // A null key: everything was cleared.
    if (storageArea === area && (about === key || about === null)) changed()
  })
  // A tab that was duplicated has a copy of what this one keeps for itself.
  const twins = new BroadcastChannel(key)
  const get = (): Kept | null => {
    try {
      return JSON.parse((area ? area.getItem(key) : memory) ?? "null") as Kept | null
    } catch {
      return null
    }
  }
  const set = (kept: Kept | null): void => {
    memory = kept && JSON.stringify(kept)
    if (!area) return
    if (memory) area.setItem(key, memory)
    else area.removeItem(key)
  }
  twins.onmessage = ({ data }: MessageEvent<{ from: string; kept: Kept }>) => {
    if (get()?.refresh !== data.from) return
    set(data.kept)
    changed()
  }
  return {
    get,
    set,
    renewed(from, kept) {
      set(kept)
      if (kind === "session") twins.postMessage({ from, kept })
    },
  }
}

/** Runs alone among all tabs of this origin. */
export const alone = <T>(name: string, run: () => Promise<T>): Promise<T> =>
  navigator.locks.request(name, run) as Promise<T>
